"""Logs of the deployed functions."""

from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cli.local_stack.stack import LocalStack

FILE = "functions.log"


def save_and_say(stack: LocalStack, console: Console) -> None:
    """Saves the functions' logs and prints the path. An emulator that has ended has no logs."""
    try:
        console.print(f"What the functions logged: {save(stack)}", soft_wrap=True)
    except (BotoCoreError, ClientError):
        console.print("What the functions logged is lost: the emulator does not answer.")


def save(stack: LocalStack) -> Path:
    """Write every line that a function logged to a file in the stack's folder."""
    path = stack.folder / FILE
    path.write_text("\n".join(_lines(stack)) + "\n", encoding="utf-8")
    return path


def _lines(stack: LocalStack) -> Iterator[str]:
    logs = stack.client("logs")
    for groups in logs.get_paginator("describe_log_groups").paginate():
        for group in groups["logGroups"]:
            name = group["logGroupName"]
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                for event in page["events"]:
                    yield f"{name} {event['message'].rstrip()}"
