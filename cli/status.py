"""`topk status`: whether a local stack runs, where, and how full its queues and tables are."""

from collections.abc import Iterator

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Column, Table

from cli.choices import Name
from cli.failure import CommandFailedError
from cli.local_stack import LocalStack
from cli.state import STACKS, load

NOT_RUNNING = 3
DEPTH = "ApproximateNumberOfMessages"
IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"


def status(name: Name = "local") -> None:
    """Show what runs. Exit code 3 if nothing does."""
    if load(STACKS / name) is None or not (stack := LocalStack.attach(STACKS / name)).running:
        typer.echo(f"{name} does not run; `topk up` starts it")
        raise typer.Exit(NOT_RUNNING)
    console = Console()
    console.print(_addresses(stack))
    try:
        console.print(_contents(stack))
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the emulator does not answer: {error}") from error


def _addresses(stack: LocalStack) -> Table:
    table = Table("what", Column("where", overflow="fold"))
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
