"""The list of limits is complete: each limit that is kept has a contract test."""

import importlib

import pytest

from simulator.emulator.limits.table import LIMITS, Limit, fixes
from tests.emulator.limits.document import PLACE, document
from tests.emulator.limits.proofs import PROVED

TESTS = ("test_chains", "test_http_apis", "test_requests", "test_stacks")


def test_every_limit_that_is_kept_has_a_contract_test() -> None:
    for name in TESTS:
        importlib.import_module(f"tests.emulator.limits.{name}")
    assert {one.name for one in LIMITS if one.is_kept} == PROVED


def test_every_limit_is_listed_once() -> None:
    names = [one.name for one in LIMITS]
    assert len(names) == len({*names})


@pytest.mark.parametrize("fix", [*fixes()], ids=lambda fix: fix.__name__)
def test_a_fix_says_what_the_fault_is(fix: object) -> None:
    module = importlib.import_module(getattr(fix, "__module__", ""))
    described = f"{module.__doc__} {fix.__doc__}"
    assert "Fault:" in described
    assert "https://" in described


@pytest.mark.parametrize("limit", LIMITS, ids=lambda one: one.name)
def test_a_limit_has_a_source_and_no_reason_beside_a_fix(limit: Limit) -> None:
    assert limit.source.startswith("https://")
    assert not (limit.fix and limit.why_not)


def test_the_page_shows_the_list() -> None:
    assert PLACE.read_text(encoding="utf-8") == document()
