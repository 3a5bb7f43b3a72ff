"""The sandbox behind HTTP, for functions that run in processes of their own."""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from unittest.mock import patch

import httpx2
from moto.server import ThreadedMotoServer
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from cli.sandbox import providers
from cli.sandbox.deployment import REGION, environment, make_tables
from cli.sandbox.people import move_in
from functions.crawl.wiring import crawling
from simulator.emulator.process import ROOT


class ServedSandbox:
    """One sandbox; only one stands in a process at a time.

    `reach` is the name by which a function reaches this machine, `bind` the address to listen on.
    """

    def __init__(self, aws: ThreadedMotoServer, providers_port: int, reach: str) -> None:
        self._aws = aws
        self._reach = reach
        self.providers_url = f"http://{reach}:{providers_port}"

    def furnish(self) -> dict[str, str]:
        """Everything anew. The environment that a function needs to find it."""
        here, port = self._aws.get_host_and_port()
        httpx2.post(f"http://{here}:{port}/moto-api/reset", trust_env=False).raise_for_status()
        found = environment()
        found["PROVIDERS"] = _at(self.providers_url, found["PROVIDERS"])
        os.environ.update(found)
        make_tables()
        move_in(crawling().vault)
        urls = {name: value.replace(here, self._reach) for name, value in found.items()}
        return {**urls, **_credentials(), "AWS_ENDPOINT_URL": f"http://{self._reach}:{port}"}


@contextmanager
def served(*, bind: str = "127.0.0.1", reach: str = "127.0.0.1") -> Iterator[ServedSandbox]:
    """Moto and the providers of the sandbox on ports of their own, until it is left."""
    # A line for each request would hide what the command says.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    aws = ThreadedMotoServer(ip_address=bind, port=0, verbose=False)
    aws.start()
    host, port = aws.get_host_and_port()
    answering = make_server(bind, 0, _provider, threaded=True)
    Thread(target=answering.serve_forever, daemon=True).start()
    try:
        with patch.dict(
            "os.environ", {**_credentials(), "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
        ):
            yield ServedSandbox(aws, answering.port, reach)
    finally:
        answering.shutdown()
        answering.server_close()
        aws.stop()


def _credentials() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def _at(base: str, providers: str) -> str:
    """`providers` (JSON) with the base URLs of cdk.json, each as a path of `base`."""
    declared = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]["providers"]
    given = json.loads(providers)
    for name, settings in given.items():
        real = declared[name]["endpoints"]
        settings["endpoints"] = {key: url.replace("https:/", base, 1) for key, url in real.items()}
    return json.dumps(given)


def _provider(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    asked = Request(environ)
    found = providers.answer(
        httpx2.Request(
            asked.method,
            f"https:/{asked.full_path.rstrip('?')}",
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
