"""Requests that schemathesis generates from the API description: valid and invalid ones."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any, cast

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from requests.auth import AuthBase
from schemathesis import APIOperation, Case, GenerationMode, checks
from schemathesis.core.failures import FailureGroup

from cli.studies.fuzzing.callers import bearing
from cli.studies.fuzzing.leads import CONFIRM, Lead, Leads, operation_id
from cli.studies.fuzzing.mixing import FOREIGN_ANSWER, Borders, Mix, Tenant, mixed
from cli.studies.fuzzing.tally import Tally

Operation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]
CHUNK = 40
"""Requests of one operation in a row."""
_TIMEOUT_SECONDS = 30
_LEADING = 0.5
"""Share of requests with existing values in their path."""
_EXAMPLE = 1500
"""Length of an example (characters)."""


@dataclass(frozen=True, slots=True)
class Target:
    """An API, its description and the tenants that it serves. `adapter` replaces the network."""

    description: Mapping[str, Any]
    tenants: Sequence[Tenant]
    adapter: Callable[[], requests.adapters.BaseAdapter] | None = None


def fuzz(target: Target, tally: Tally, *, seed_: int, until: float, chunk: int = CHUNK) -> None:
    """Sends the requests that `tally` wants, until `until` (monotonic seconds) at the latest.

    Sends `chunk` requests of an operation before the next one.
    """
    player = Player(target)
    for turn in itertools.count(seed_):
        if tally.requests >= tally.wanted or time.monotonic() >= until:
            return
        player.play(turn, tally, until=until, chunk=chunk)


def _jobs(target: Target) -> Iterator[tuple[Operation, str, GenerationMode]]:
    """Operations with their security schemes, and whether requests are valid or invalid."""
    schema = schemathesis.openapi.from_dict(dict(target.description))
    schema.config.update(base_url=target.tenants[0].base_url)
    for found in schema.get_all_operations():
        operation = cast(Operation, found.ok())  # type: ignore[union-attr]
        security = operation.definition.raw.get("security", [])
        guard = next((name for one in security for name in one), "")
        for mode in GenerationMode:
            yield operation, guard, mode


def _session(target: Target) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    if target.adapter:
        session.mount("http://", target.adapter())
    return session


class Player:
    """Sends requests of one operation in each turn, and learns from the answers."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._jobs, self._leads, self._session = list(_jobs(target)), Leads(), _session(target)
        self._borders = Borders(target.tenants)
        checks.load_all_checks()

    def play(self, turn: int, tally: Tally, *, until: float, chunk: int) -> None:
        """Sends up to `chunk` requests that `tally` still wants; each turn is reproducible."""
        operation, guard, mode = self._jobs[turn % len(self._jobs)]
        dice = Random(turn)  # noqa: S311 - nothing is secret about it

        @seed(turn)
        @settings(
            max_examples=chunk,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: AnyCase) -> None:
            if time.monotonic() < until and tally.book():
                self._send(case, guard, tally, dice)

        # Some operations have no invalid requests.
        with suppress(Unsatisfiable):
            each()

    def _send(self, case: AnyCase, guard: str, tally: Tally, dice: Random) -> None:
        name, mix = case.operation.label, mixed(self._target.tenants, dice)
        for parameter, values in mix.ids.known.items():
            if parameter in case.path_parameters and dice.random() < _LEADING:
                case.path_parameters[parameter] = dice.choice(values)
        lead = self._leads.follow(case, dice)
        try:
            answer = case.call(
                base_url=mix.host.base_url,
                session=self._session,
                auth=_caller(case, guard, lead, mix, dice),
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            tally.found(name, "no_answer", f"{type(error).__name__}: {error}"[:_EXAMPLE])
            return
        tally.answered(name, answer.status_code)
        self._leads.learn(case, answer, lead)
        if crossed := self._borders.crossed(mix, case, answer, guard=guard):
            tally.found(name, FOREIGN_ANSWER, _example(case, crossed, answer))
        try:
            case.validate_response(answer, checks=_checks())
        except FailureGroup as group:
            for failure in group.exceptions:
                tally.found(name, _kind(failure), _example(case, failure, answer))


def _caller(case: AnyCase, guard: str, lead: Lead | None, mix: Mix, dice: Random) -> AuthBase:
    operation = operation_id(case)
    if lead and operation == CONFIRM:
        return bearing(lead.bearer.removeprefix("Bearer "))
    return mix.caller.callers.of(operation, guard, dice)


def _example(case: AnyCase, what: object, answer: schemathesis.Response) -> str:
    text = answer.content.decode(errors="replace")
    return f"{case.method} {case.formatted_path}: {what}\n{text}"[:_EXAMPLE]


def _checks() -> list[Any]:
    return [
        checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.response_headers_conformance,
    ]


def _kind(failure: BaseException) -> str:
    return _KINDS.get(type(failure).__name__, type(failure).__name__)


_KINDS = {
    "ServerError": "not_a_server_error",
    "UndefinedStatusCode": "status_code_conformance",
    "UndefinedContentType": "content_type_conformance",
    "JsonSchemaError": "response_schema_conformance",
}
