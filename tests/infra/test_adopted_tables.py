"""Restored tables take the place of lost ones, with streams and grants."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.config import ConfigurationError
from tests.infra.templates import of_type, properties, stateful
from tests.synthesis import context

PLAYS, LABEL = "restored-plays", "2026-12-01T10:00:00.123"
ADOPTED = {
    "Plays": {"name": PLAYS, "stream": LABEL},
    "Follows": {"name": "restored-follows"},
}


def _build(adopted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    from infra_cdk.app import build

    asked = context("aws", stage="production") | {"aws:cdk:bundling-stacks": []}
    asked["stages"]["production"] |= {"adopted_tables": adopted}
    with TemporaryDirectory() as outdir:
        build(asked, outdir).synth()
        return {
            name: json.loads((Path(outdir) / f"{name}.template.json").read_text())
            for name in (
                outputs.stateful_stack("production"),
                outputs.stateless_stack("production"),
            )
        }


@cache
def _templates() -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = _build(ADOPTED).values()
    return first, second


def _text(value: object) -> str:
    return json.dumps(value)


def test_functions_use_the_adopted_tables_by_name() -> None:
    _, stateless = _templates()
    variables = [
        one["Environment"]["Variables"]
        for one in properties(stateless, "Lambda::Function").values()
        if "PLAYS_TABLE" in one.get("Environment", {}).get("Variables", {})
    ]
    assert variables
    assert {_text(one["PLAYS_TABLE"]) for one in variables} == {f'"{PLAYS}"'}


def test_both_consumers_read_the_stream_of_the_adopted_table() -> None:
    _, stateless = _templates()
    sources = [
        _text(one["EventSourceArn"])
        for one in properties(stateless, "Lambda::EventSourceMapping").values()
        if "stream/" in _text(one["EventSourceArn"]) and PLAYS in _text(one["EventSourceArn"])
    ]
    assert len(sources) == 2
    assert all(f"table/{PLAYS}/stream/{LABEL}" in one for one in sources)


def test_grants_are_on_adopted_tables_their_streams_and_indexes() -> None:
    _, stateless = _templates()
    allowed = _text(properties(stateless, "IAM::Policy"))
    for resource in (
        f'table/{PLAYS}"',
        f"table/{PLAYS}/stream/{LABEL}",
        "table/restored-follows/index/by_other",
    ):
        assert resource in allowed
    lost = next(name for name in of_type(stateful("aws"), "DynamoDB::Table") if "Plays" in name)
    assert lost not in _text(stateless)


def test_the_replaced_tables_stay() -> None:
    adopting, _ = _templates()
    before = stateful("aws")
    assert set(of_type(adopting, "DynamoDB::Table")) == set(of_type(before, "DynamoDB::Table"))


@pytest.mark.parametrize(
    ("adopted", "fault"),
    [({"Songs": {"name": "x"}}, "not a table"), ({"Plays": {"name": "x"}}, "stream")],
)
def test_an_adopted_table_is_known_and_has_the_stream_that_is_read(
    adopted: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        _build(adopted)
