"""The two sides of a comparison, each in a separate process: in process, and in the runtime."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from cli.commands.run.replay import run_in_sandbox
from cli.sandbox.deployment import look
from cli.sandbox.served import ServedSandbox, served
from cli.studies.sam.assembly import Assembly, Staged
from cli.studies.sam.docker import HOST, SamLocal, bridge
from cli.studies.sam.fixture import Fixture
from cli.studies.sam.outcome import as_in_process, failed, outcome
from cli.studies.sam.runtime import RuntimeEmulator, emulator


class Invoker(Protocol):
    def invoke(self, function: Staged, event: Any, environment: dict[str, str]) -> Any: ...


def expect(fixture: Fixture) -> dict[str, Any]:
    """The result of the function with the fixture in this process."""
    try:
        answer, before, after = run_in_sandbox(fixture.function, fixture.event)
    except Exception as error:  # noqa: BLE001 - what Lambda would make an error document of
        return {"answer": failed(type(error).__name__)}
    return outcome(answer, before, after)


def as_if_real(answer: Any, origins: Mapping[str, str]) -> Any:
    """`answer` with the local origins (`origins`) replaced by those of the providers."""
    told = json.dumps(answer)
    for origin, here in origins.items():
        told = told.replace(here, origin)
    return json.loads(told)


@dataclass(frozen=True, slots=True)
class Bench:
    """Invokes functions of `assembly` in a sandbox that they reach over HTTP."""

    assembly: Assembly
    invoker: Invoker
    sandbox: ServedSandbox

    def run(self, fixture: Fixture) -> dict[str, Any]:
        """What it comes to. Raises CommandFailedError if the function does not respond."""
        environment = self.sandbox.furnish()
        before = look()
        function = self.assembly.functions[fixture.function]
        answer = self.invoker.invoke(function, fixture.event, environment)
        return as_in_process(outcome(as_if_real(answer, self.sandbox.origins), before, look()))


@contextmanager
def bench(assembly: Assembly, *, docker: bool) -> Iterator[Bench]:
    """A bench on which functions run under SAM, or in the runtime without Docker."""
    if docker:
        with served(bind=bridge(), reach=HOST) as sandbox:
            yield Bench(assembly, SamLocal(assembly.template), sandbox)
    else:
        with served() as sandbox:
            compiled = assembly.template.parent / "compiled"
            yield Bench(assembly, RuntimeEmulator(emulator(), compiled), sandbox)
