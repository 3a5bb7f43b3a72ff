"""Functions run from the event fixtures, in the sandbox."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.commands.run.replay import Context
from cli.sandbox.deployment import look, sandbox
from cli.sandbox.issuer import claims_of, signed
from cli.sandbox.snapshot import changes
from tests.functions.aws_calls import role
from tests.functions.roles import granted_to

EVENTS = Path(__file__).resolve().parents[2] / "events"


class Stage:
    """Runs fixtures and reports what they changed."""

    def __init__(self) -> None:
        self._before = look()

    def play(self, fixture: str) -> Any:
        """The response of the function of `fixture` (`<function>/<case>`)."""
        event = json.loads((EVENTS / f"{fixture}.json").read_text(encoding="utf-8"))
        return self.call(fixture.partition("/")[0], event)

    def call(self, function: str, event: Any) -> Any:
        """The response of `function`, with its role, to an event that is not a fixture."""
        handler = importlib.import_module(f"functions.{function}.handler")
        with role(granted_to(function)):
            return handler.lambda_handler(event, Context(function))

    def ask(self, fixture: str) -> tuple[int, Any]:
        """The status and JSON body of an API response."""
        answer = self.play(fixture)
        return answer["statusCode"], json.loads(answer["body"] or "null")

    @property
    def changed(self) -> dict[str, list[str]]:
        """What changed: table or queue -> keys of the rows."""
        found: dict[str, list[str]] = {}
        for place, key, _, _ in changes(self._before, look()):
            found.setdefault(place, []).append(key)
        return found


def inserted(*owners: str) -> dict[str, Any]:
    """A batch of the stream of Plays, with a new chunk for each of `owners` (keys)."""
    return {
        "Records": [
            {
                "eventName": "INSERT",
                "dynamodb": {
                    "Keys": {
                        "owner": {"S": owner},
                        "chunk": {"S": f"1795348800#spotify#fake{number}crawl"},
                    },
                    "SequenceNumber": str(number),
                },
            }
            for number, owner in enumerate(owners)
        ]
    }


def with_claims(event: Any, **claims: Any) -> Any:
    """`event` with a valid token that has these claims too; None removes one."""
    given = event["headers"]
    changed = {**claims_of(given["authorization"]), **claims}
    token = signed({name: value for name, value in changed.items() if value is not None})
    return {**event, "headers": {**given, "authorization": f"Bearer {token}"}}


@pytest.fixture
def stage() -> Iterator[Stage]:
    with sandbox():
        yield Stage()
