"""`topk replay`: run an event fixture against its function and show what changed."""

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.choices import RunningName
from cli.failure import CommandFailedError
from cli.local_stack.chosen_stack import chosen_stack
from cli.local_stack.stack import LocalStack
from cli.sandbox.snapshot import Snapshot, changes, messages, rows
from infra_cdk import outputs
from simulator.emulator.process import ROOT

FUNCTIONS = tuple(sorted(one.parent.name for one in (ROOT / "functions").glob("*/handler.py")))


@dataclass(frozen=True, slots=True)
class Context:
    """The Lambda context of an invocation."""

    function_name: str
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def replay(
    event: Annotated[Path, typer.Argument(help="Event file in events/<function>/.")],
    deployed: Annotated[
        bool, typer.Option(help="Invoke the deployed function of the running local stack.")
    ] = False,
    name: RunningName = None,
) -> None:
    """Run an event fixture against its function, in process or deployed, and show what changed."""
    function, body = _read(event)
    console = Console()
    if deployed:
        stack = chosen_stack(name)
        before = _look(stack)
        answer = _invoke(stack, function, body)
        after = _look(stack)
    else:
        answer, before, after = run_in_sandbox(function, body)
    console.print_json(json.dumps(answer, default=str))
    console.print(_table(before, after))


def run_in_sandbox(function: str, event: Any) -> tuple[Any, Snapshot, Snapshot]:
    """The function's response in the sandbox, and the sandbox's content before and after."""
    # moto and all functions take a second to load, which no other command should wait for.
    from cli.sandbox.deployment import look, sandbox

    handler = importlib.import_module(f"functions.{function}.handler")
    with sandbox():
        before = look()
        answer = handler.lambda_handler(event, Context(function))
        return answer, before, look()


def _read(path: Path) -> tuple[str, Any]:
    function = path.resolve().parent.name
    if function not in FUNCTIONS:
        raise typer.BadParameter(f"{path} is not in events/<function>/")
    try:
        return function, json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise typer.BadParameter(f"{path} is not JSON: {error}") from error


def _invoke(stack: LocalStack, function: str, event: Any) -> Any:
    found = stack.client("lambda").invoke(
        FunctionName=stack.outputs[outputs.function(function)], Payload=json.dumps(event).encode()
    )
    answer = json.loads(found["Payload"].read())
    if "FunctionError" in found:
        raise CommandFailedError(f"{function} failed: {answer.get('errorMessage', answer)}")
    return answer


def _look(stack: LocalStack) -> Snapshot:
    tables = {name: of for name, of in stack.outputs.items() if name.startswith("Table")}
    queues = {name: of for name, of in stack.outputs.items() if "DeadLetters" in name}
    dynamodb, sqs = stack.client("dynamodb"), stack.client("sqs")
    return {name: rows(dynamodb, table) for name, table in tables.items()} | {
        name: messages(sqs, url) for name, url in queues.items()
    }


def _table(before: Snapshot, after: Snapshot) -> Table:
    found = changes(before, after)
    table = Table("where", "key", "what", Column("to", overflow="fold"), title="What changed")
    for row in found or [("nothing", "", "", "")]:
        table.add_row(*row)
    return table
