"""Requests that schemathesis makes from the description: some as described, some not."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any, cast

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode, checks
from schemathesis.core.failures import FailureGroup

from cli.fuzzing.callers import Callers
from cli.fuzzing.tally import Tally

Operation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]
CHUNK = 40
"""Requests of one operation in a row."""
_TIMEOUT_SECONDS = 30
_LEADING = 0.5
"""The share of requests whose path leads somewhere."""
_EXAMPLE = 1500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Target:
    """An API at `base_url` with its description, and whoever calls it.

    `known` are values of parameters of a path that lead somewhere, by name. `adapter` carries the
    requests instead of a network.
    """

    base_url: str
    description: Mapping[str, Any]
    callers: Callers
    known: Mapping[str, Sequence[str]]
    adapter: Callable[[], requests.adapters.BaseAdapter] | None = None


def fuzz(
    target: Target,
    tally: Tally,
    *,
    workers: int,
    seed_: int,
    until: float,
    chunk: int = CHUNK,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Sends what `tally` wants, or until `until` (seconds of the monotonic clock).

    Each of `workers` plays `chunk` requests of an operation, then goes on to the next.
    """
    jobs = list(_jobs(target))
    checks.load_all_checks()
    turns = itertools.count(seed_)

    def work(_: int) -> None:
        with _session(target) as session:
            while tally.requests < tally.wanted and time.monotonic() < until:
                turn = next(turns)
                dice = Random(turn)  # noqa: S311 - nothing is secret about it
                player = _Player(target, session, tally, dice, until, chunk, advance)
                player.play(*jobs[turn % len(jobs)], turn)

    if workers == 1:
        work(0)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def _jobs(target: Target) -> Iterator[tuple[Operation, str, GenerationMode]]:
    """Operations with what guards them and whether they are kept to or not."""
    schema = schemathesis.openapi.from_dict(dict(target.description))
    schema.config.update(base_url=target.base_url)
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


@dataclass(frozen=True, slots=True)
class _Player:
    target: Target
    session: requests.Session
    tally: Tally
    dice: Random
    until: float
    chunk: int
    advance: Callable[[], None]

    def play(self, operation: Operation, guard: str, mode: GenerationMode, turn: int) -> None:
        @seed(turn)
        @settings(
            max_examples=self.chunk,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: AnyCase) -> None:
            if time.monotonic() < self.until and self.tally.book():
                self._send(case, guard)
                self.advance()

        try:
            each()
        except Unsatisfiable:
            return  # Nothing about this operation could be otherwise than described.
        except SystemError as error:
            # CPython counts how deep an AST is for all threads together, and Hypothesis reads
            # source: at times the count is off. The turn ends, and another makes up for it.
            if "AST constructor recursion depth" not in str(error):
                raise

    def _send(self, case: AnyCase, guard: str) -> None:
        name = case.operation.label
        for parameter, values in self.target.known.items():
            if parameter in case.path_parameters and self.dice.random() < _LEADING:
                case.path_parameters[parameter] = self.dice.choice(values)
        try:
            answer = case.call(
                session=self.session,
                auth=self.target.callers.of(guard, self.dice),
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            self.tally.found(name, "no_answer", f"{type(error).__name__}: {error}"[:_EXAMPLE])
            return
        self.tally.answered(name, answer.status_code)
        try:
            case.validate_response(answer, checks=_checks())
        except FailureGroup as group:
            for failure in group.exceptions:
                what = f"{case.method} {case.formatted_path}: {failure}\n{answer.text}"
                self.tally.found(name, _kind(failure), what[:_EXAMPLE])


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
