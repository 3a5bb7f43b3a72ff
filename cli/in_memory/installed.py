"""Patches the real functions to run on AWS in memory and a simulated world.

Only what is outside the product is replaced: botocore's clients, the network, the clock, the event
loop and random ids.
"""

import asyncio
import importlib
import io
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx2
from pynamodb.connection import Connection

import topk.clock
from cli.in_memory.lambdas import WIRINGS, parts_of, with_fields
from cli.in_memory.process import Process, current
from simulator.virtual_time import VirtualLoop
from topk.providers.http.transport import Transport
from topk.runtime import aws
from topk.runtime.observability import logger
from topk.stores.dynamodb import models

REGION = "us-east-1"
Client = Callable[[str], Any]
"""Returns the client of an AWS service, by the service's name."""


@contextmanager
def installed(
    environment: dict[str, str],
    client: Client,
    carrier: httpx2.AsyncBaseTransport,
    logs: io.StringIO,
    clock: Callable[[], float],
) -> Iterator[None]:
    """While active, functions call AWS by `client`, send HTTP by `carrier`, and log to `logs`."""
    ids = itertools.count(1)

    def time() -> float:
        process = current()
        return clock() + (process.skew if process else 0.0)

    session = SimpleNamespace(create_client=lambda service, **_: client(service))
    tables = Connection(region=REGION)
    tables._client = client("dynamodb")  # noqa: SLF001 - PynamoDB offers no public way

    def open_transport(**_: Any) -> Transport:
        return Transport(lambda: carrier)

    def uuid4() -> SimpleNamespace:
        return SimpleNamespace(hex=f"{next(ids):012}")

    random = SimpleNamespace(
        token_urlsafe=lambda _: f"chance-{next(ids):040}",
        token_bytes=lambda size: next(ids).to_bytes(size, "big"),
    )
    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", environment, clear=True))
        # At each request it searches the whole path for a module that is not installed.
        stack.enter_context(patch("httpx2._transports.asgi.is_running_trio", lambda: False))
        stack.enter_context(patch.object(aws, "aws_session", lambda: session))
        stack.enter_context(patch.object(models, "_connection", lambda _region: tables))
        stack.enter_context(patch.object(Transport, "open", open_transport))
        stack.enter_context(patch.object(topk.clock, "time", SimpleNamespace(time=time)))
        stack.enter_context(redirect_stdout(logs))
        for name, accessor in WIRINGS.items():
            for module in _modules(name):
                given = {accessor: _parts, "uuid4": uuid4, "secrets": random, "FastClient": _long}
                for attribute in given.keys() & vars(module).keys():
                    stack.enter_context(patch.object(module, attribute, given[attribute]))
        for handler in logger().handlers:
            stack.enter_context(patch.object(handler, "stream", logs))
        stack.callback(aws.client.cache_clear)
        aws.client.cache_clear()
        models.bind({kind: kind for kind in models.MODELS}, region=REGION)
        yield


def furnish(process: Process, clock: Callable[[], float]) -> Any:
    """The dependencies of a new process, on virtual time and with the process's own clock skew."""
    parts = parts_of(process.name.partition("-")[0])
    given: dict[str, Any] = {"clock": lambda: clock() + process.skew}
    if hasattr(parts, "runner"):
        given["runner"] = asyncio.Runner(loop_factory=VirtualLoop)
        given["runner"].get_loop().set_exception_handler(lambda *_: None)
    return with_fields(parts, **given)


def clear(process: Process) -> None:
    """Closes the resources of a process."""
    if hasattr(process.parts, "runner"):
        process.parts.runner.close()


def _long(client: Any, **_: Any) -> Any:
    """The client itself: the fast calls work only with botocore's own client."""
    return client


def _parts() -> Any:
    """The dependencies of the current process; replaces the accessor in each handler."""
    process = current()
    if process is None:
        raise RuntimeError("no process is running")
    return process.parts


def _modules(name: str) -> Iterator[ModuleType]:
    package = importlib.import_module(f"functions.{name}")
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"functions.{name}.{found.name}")
