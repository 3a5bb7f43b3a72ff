"""The sandbox over HTTP, for functions in separate processes."""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Thread
from typing import Any
from unittest.mock import patch

import httpx2
from moto import mock_aws
from moto.server import ThreadedMotoServer
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from cli.sandbox import providers
from cli.sandbox.deployment import REGION, environment, fill, make_tables
from simulator.emulator.process import ROOT

_QUEUES = f"https://sqs.{REGION}.amazonaws.com"


class ServedSandbox:
    """A sandbox; a process can have only one at a time, and uses it without HTTP.

    `origins` maps the origin of each provider's host to the one that serves it here. `reach` is the
    host name under which functions reach this machine.
    """

    def __init__(self, aws: ThreadedMotoServer, origins: Mapping[str, str], reach: str) -> None:
        self._aws = aws
        self._reach = reach
        self.origins = origins

    def furnish(self) -> dict[str, str]:
        """Reset everything; returns the environment that a function needs."""
        here, port = self._aws.get_host_and_port()
        httpx2.post(f"http://{here}:{port}/moto-api/reset", trust_env=False).raise_for_status()
        found = environment()
        found["PROVIDERS"] = _at(self.origins, found["PROVIDERS"])
        os.environ.update(found)
        make_tables()
        fill()
        endpoint = f"http://{self._reach}:{port}"
        urls = {name: value.replace(_QUEUES, endpoint) for name, value in found.items()}
        return {**urls, **_credentials(), "AWS_ENDPOINT_URL": endpoint}


@contextmanager
def served(*, bind: str = "127.0.0.1", reach: str = "127.0.0.1") -> Iterator[ServedSandbox]:
    """Serves moto and the sandbox's providers while active, each host on its own port.

    `bind` is the address to listen on.
    """
    # A log line per request would hide the output of the command.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    aws = ThreadedMotoServer(ip_address=bind, port=0, verbose=False)
    aws.start()
    with ExitStack() as stack:
        stack.callback(aws.stop)
        origins = {
            origin: f"http://{reach}:{stack.enter_context(_answering(origin, bind))}"
            for settings in _declared().values()
            for origin in settings["endpoints"].values()
        }
        stack.enter_context(patch.dict("os.environ", _credentials()))
        stack.enter_context(mock_aws())
        yield ServedSandbox(aws, origins, reach)


def _credentials() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def _declared() -> dict[str, Any]:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return dict(context["providers"])


def _at(origins: Mapping[str, str], providers: str) -> str:
    """`providers` (JSON) with the endpoints of cdk.json at their served origins."""
    declared, given = _declared(), json.loads(providers)
    for name, settings in given.items():
        real = declared[name]["endpoints"]
        settings["endpoints"] = {key: origins[origin] for key, origin in real.items()}
    return json.dumps(given)


@contextmanager
def _answering(origin: str, bind: str) -> Iterator[int]:
    """Serves the answers of the provider's host at `origin`, and yields the port."""
    server = make_server(bind, 0, partial(_answer, origin), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.port
    finally:
        server.shutdown()
        server.server_close()


def _answer(origin: str, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    asked = Request(environ)
    found = providers.answer(
        httpx2.Request(
            asked.method,
            f"{origin}{asked.full_path.rstrip('?')}",
            headers=list(asked.headers.items()),
            content=asked.get_data(),
        )
    )
    told = {
        name: value
        for name, value in found.headers.items()
        if name not in {"content-length", "transfer-encoding"}
    }
    return Response(found.content, found.status_code, told)(environ, start)
