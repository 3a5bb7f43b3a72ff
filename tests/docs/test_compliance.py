"""docs/compliance.md is the table of policies, which covers every provider and the pages."""

import re
from datetime import date

import pytest

from tests.docs.compliance import PAGE, page
from tests.synthesis import ROOT
from topk.domain.privacy.provider_policies import POLICIES
from topk.providers.registry import PROVIDERS


def test_the_page_is_written_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_provider_with_an_adapter_has_a_policy() -> None:
    assert POLICIES.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("name", POLICIES)
def test_every_fact_has_a_source_with_a_date(name: str) -> None:
    policy = POLICIES[name]
    assert policy.sources
    for source in policy.sources:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?", source.address)
        assert date.fromisoformat(source.seen) > date(2026, 1, 1)
    for text in (policy.mixing, policy.keeping, policy.showing, policy.deletion, policy.follows):
        assert text.endswith(".")


def test_the_pages_attribute_as_the_table_says() -> None:
    source = (ROOT / "web" / "src" / "look" / "providers.ts").read_text(encoding="utf-8")
    shown = re.findall(r'^  (\w+): \{ name: "([^"]+)", home: "([^"]+)" \}', source, re.MULTILINE)
    expected = {
        (name, one.attribution.text, f"https://{one.attribution.address}")
        for name, one in POLICIES.items()
    }
    assert set(shown) == expected
