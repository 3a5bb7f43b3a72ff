"""A function is granted exactly the actions that it uses.

Each plays scenes that together make every kind of call that it makes. What it asks of AWS is held
against its synthesised role, both ways; and without any one permission a scene ends differently.
"""

import importlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.commands.run.replay import Context
from cli.sandbox.deployment import EXPORTS, REGION, UPLOADS, forget, sandbox
from infra_cdk.functions.declarations import SPECS
from tests.functions.aws_calls import Permission, role
from tests.functions.conftest import EVENTS
from tests.functions.rewinding import Rewinding
from tests.functions.roles import granted_to
from tests.functions.scenes import DONE_WITHOUT, SCENES, Scene
from topk.domain.errors import StoreError

Outcome = tuple[list[Any], Mapping[str, int]]


@pytest.fixture(scope="module")
def standing() -> Iterator[Rewinding]:
    with sandbox():
        yield Rewinding()


@pytest.mark.parametrize("function", SCENES)
def test_a_function_is_granted_exactly_the_calls_it_makes(
    standing: Rewinding, function: str
) -> None:
    granted = granted_to(function)
    asked = [_play(standing, function, scene, granted)[1] for scene in SCENES[function]]
    assert set().union(*asked) == granted


@pytest.mark.parametrize("function", SCENES)
def test_a_function_fails_without_any_one_of_its_permissions(
    standing: Rewinding, function: str
) -> None:
    granted = granted_to(function)
    well = [(scene, *_play(standing, function, scene, granted)) for scene in SCENES[function]]
    unmissed = [
        one
        for one in granted
        if all(
            _play(standing, function, scene, granted - {one})[0] == outcome
            for scene, outcome, asked in well
            if one in asked
        )
    ]
    assert set(unmissed) == DONE_WITHOUT.get(function, set())


def test_every_function_has_scenes() -> None:
    assert set(SCENES) == set(SPECS)


def _play(
    standing: Rewinding, function: str, scene: Scene, granted: Collection[Permission]
) -> tuple[Outcome, set[Permission]]:
    """The outcome of a scene under a role with the permissions `granted`, and the calls made."""
    standing.rewind()
    with scene.given():
        forget()
        with role(granted) as asked:
            answers = [_answer(function, fixture) for fixture in scene.fixtures]
    return (answers, standing.changed), asked


def _answer(function: str, fixture: str) -> Any:
    """The API's status, the batch's failures, or the exception."""
    event = json.loads((EVENTS / function / f"{fixture}.json").read_text(encoding="utf-8"))
    handler = importlib.import_module(f"functions.{function}.handler")
    try:
        answer = handler.lambda_handler(event, Context(function)) or {}
        _follow(answer.get("body") or "")
    except (StoreError, ClientError) as error:
        return repr(error)
    return answer.get("statusCode", answer.get("batchItemFailures"))


def _follow(body: str) -> None:
    """A link to an export, and a form for an upload, have the permissions of who signed them."""
    if '"upload":{"url"' in body:
        fields = json.loads(body)["upload"]["fields"]
        key = next(one["value"] for one in fields if one["name"] == "key")
        boto3.client("s3", region_name=REGION).put_object(Bucket=UPLOADS, Key=key, Body=b"[]")
    if signed := re.search(r"https://\w+-exports[^/]*/([^?\"]+)", body):
        boto3.client("s3", region_name=REGION).get_object(Bucket=EXPORTS, Key=unquote(signed[1]))
