"""`topk status`: addresses, queues and tables of a local stack.

`--watch` shows the metrics of the AWS dashboards.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console, Group
from rich.live import Live
from rich.table import Column, Table

from cli.choices import AsJson, RunningName
from cli.failure import CommandFailedError
from cli.local_stack.chosen_stack import NothingRunsError, chosen_stack
from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.studies.watching.figures import read, reasons
from cli.studies.watching.page import Rows, rows, shown, told_reasons, wanted
from infra_cdk import outputs
from topk.clock import wall_clock

NOT_RUNNING = 3
SECONDS = 3
DEPTH = "ApproximateNumberOfMessages"
IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"


Watch = Annotated[bool, typer.Option("--watch", help="Show the dashboards' metrics live.")]
Minutes = Annotated[int, typer.Option(help="Minutes that the metrics cover.", min=1, max=1440)]


def status(
    name: RunningName = None, watch: Watch = False, minutes: Minutes = 15, as_json: AsJson = False
) -> None:
    """Show the running stack with its queues and tables. Exit code 3 if it is not running."""
    try:
        stack = chosen_stack(name)
    except NothingRunsError as error:
        typer.echo(error.format_message())
        raise typer.Exit(NOT_RUNNING) from error
    console = Console()
    try:
        if as_json:
            typer.echo(json.dumps(_told(stack), indent=2))
            return
        console.print(_addresses(stack))
        if watch:
            _watch(stack, console, minutes)
        console.print(_contents(stack))
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the emulator is unavailable: {error}") from error


def _watch(stack: LocalStack, console: Console, minutes: int) -> None:
    """Show the metrics every few seconds until Ctrl-C, or once if the output is not a terminal."""
    page = deployed_rows(stack)
    cloudwatch = stack.client("cloudwatch")

    def now() -> Group:
        why = reasons(cloudwatch)
        asked = [*wanted(page), *why.values()]
        known = read(cloudwatch, asked, now=wall_clock(), minutes=minutes)
        figures = shown(page, known, f"the last {minutes} minutes; Ctrl-C ends")
        return Group(figures, told_reasons(why, known), _waiting(stack))

    if not console.is_terminal:
        console.print(now())
        return
    with Live(now(), console=console, auto_refresh=False) as live, suppress(KeyboardInterrupt):
        while True:
            time.sleep(SECONDS)
            live.update(now(), refresh=True)


def deployed_rows(stack: LocalStack) -> dict[str, Rows]:
    """The metrics of `stack`."""
    prefix = outputs.function("")
    functions = {
        outputs.snake(name.removeprefix(prefix)): deployed
        for name, deployed in stack.outputs.items()
        if name.startswith(prefix)
    }
    api = stack.outputs.get(outputs.API, "")
    return rows(functions, declared().providers, declared().tenants, api)


def _waiting(stack: LocalStack) -> str:
    """One line with the queues that contain messages."""
    told = [
        f"{name} {waiting} and {in_flight} in flight"
        for name, waiting, in_flight in _queues(stack)
        if waiting != "0" or in_flight != "0"
    ]
    return f"waiting: {', '.join(told) or 'nothing'}"


def _told(stack: LocalStack) -> dict[str, Any]:
    return {
        "name": stack.name,
        "world": stack.world_url,
        "emulator": stack.emulator_url,
        "apis": stack.api_urls,
        "queues": {
            name: {"waiting": int(waiting), "in_flight": int(in_flight)}
            for name, waiting, in_flight in _queues(stack)
        },
        "tables": {name: int(items) for name, items, _ in _tables(stack)},
    }


def _addresses(stack: LocalStack) -> Table:
    table = Table("what", Column("where", overflow="fold"), title=f"Local stack {stack.name}")
    table.add_row("simulated world", stack.world_url)
    table.add_row("AWS emulator", stack.emulator_url)
    for tenant, url in stack.api_urls.items():
        table.add_row(f"API of {tenant}", url)
    for process in stack.processes:
        runs = "runs" if process.running else "has ended"
        table.add_row(f"{process.name} ({runs}, group {process.pid})", process.log)
    return table


def _contents(stack: LocalStack) -> Table:
    table = Table("queue or table", "waiting or items", "in flight")
    for row in (*_queues(stack), *_tables(stack)):
        table.add_row(*row)
    return table


def _queues(stack: LocalStack) -> Iterator[tuple[str, str, str]]:
    queues = stack.client("sqs")
    for name, value in sorted(stack.outputs.items()):
        if name.startswith("Queue") or "DeadLetters" in name:
            attributes = queues.get_queue_attributes(
                QueueUrl=value, AttributeNames=[DEPTH, IN_FLIGHT]
            )["Attributes"]
            yield name, attributes[DEPTH], attributes[IN_FLIGHT]


def _tables(stack: LocalStack) -> Iterator[tuple[str, str, str]]:
    tables = stack.client("dynamodb")
    for name, value in sorted(stack.outputs.items()):
        if name.startswith("Table"):
            counted = tables.get_paginator("scan").paginate(TableName=value, Select="COUNT")
            yield name, str(sum(page["Count"] for page in counted)), ""
