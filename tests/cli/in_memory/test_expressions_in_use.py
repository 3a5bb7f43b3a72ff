"""Every DynamoDB request of the functions is compared with moto."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest

from cli.studies.chaos.fault_run import FaultRun
from cli.studies.chaos.plan import Plan
from simulator.aws.account import Aws
from simulator.aws.calls import Answer
from tests.simulator.aws.expressions import (
    ARITHMETIC,
    CONDITIONS,
    KEY_CONDITIONS,
    OPERATIONS,
    PROJECTIONS,
    UPDATES,
    form,
)

_CLAUSE = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b")


def clauses(update: str) -> Iterator[tuple[str, str]]:
    """Each change of an update, with its clause."""
    parts = _CLAUSE.split(update)[1:]
    for clause, changes in zip(parts[::2], parts[1::2], strict=True):
        for change in re.split(r",\s*(?![^(]*\))", changes):
            yield clause, form(change.strip())


@pytest.fixture(scope="module")
def requests() -> list[tuple[str, Mapping[str, Any]]]:
    """The requests of a run without faults in which users connect, hide songs and leave."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    call = Aws.call

    def noted(aws: Aws, service: str, operation: str, request: Mapping[str, Any]) -> Answer:
        if service == "dynamodb":
            tables = request.get("RequestItems", {}).values()
            parts: list[Mapping[str, Any]] = [one for one in tables if isinstance(one, dict)]
            found.extend((operation, part) for part in parts or [request])
        return call(aws, service, operation, request)

    with (
        patch.object(Aws, "call", noted),
        FaultRun(Plan(seed=3, users=2, parting=True)) as fault_run,
    ):
        fault_run.live()
    return found


def _used(requests: list[tuple[str, Mapping[str, Any]]], member: str) -> set[str]:
    return {request[member] for _, request in requests if request.get(member)}


def test_every_operation_is_compared(requests: list[tuple[str, Mapping[str, Any]]]) -> None:
    assert {operation for operation, _ in requests} <= {*OPERATIONS}


@pytest.mark.parametrize(
    ("member", "compared"),
    [
        ("ConditionExpression", CONDITIONS),
        ("KeyConditionExpression", KEY_CONDITIONS),
        ("ProjectionExpression", PROJECTIONS),
        ("FilterExpression", ()),
    ],
)
def test_every_expression_is_compared(
    requests: list[tuple[str, Mapping[str, Any]]], member: str, compared: tuple[str, ...]
) -> None:
    used = {form(text) for text in _used(requests, member)}
    assert used <= {form(text) for text in compared}
    assert used or not compared


def test_every_change_is_compared(requests: list[tuple[str, Mapping[str, Any]]]) -> None:
    used = {one for text in _used(requests, "UpdateExpression") for one in clauses(text)}
    compared = {one for text in (*UPDATES, *ARITHMETIC) for one in clauses(text)}
    assert used <= compared
    assert {clause for clause, _ in used} >= {"SET", "REMOVE", "ADD"}
