"""An application behind TLS, under the hostnames of the real providers."""

import threading
from collections.abc import Iterable
from pathlib import Path
from socket import socket

import trustme
import uvicorn
from starlette.applications import Starlette

START_SECONDS = 60


class Front(uvicorn.Server):
    """Serves `application` from a thread of its own as the hosts `names`, with certificates of a CA
    made for it alone.

    `authority` is the CA's certificate, in PEM: whoever trusts it takes the application for the
    real providers. `port` is where it listens on this machine. Without names it speaks HTTP.
    """

    def __init__(self, application: Starlette, folder: Path, names: Iterable[str] = ()) -> None:
        self.authority = folder / "authority.pem"
        key_and_chain = folder / "front.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authority)
        if names := [*names]:
            issued = authority.issue_cert(*names)
            issued.private_key_and_cert_chain_pem.write_to_path(key_and_chain)
        super().__init__(
            uvicorn.Config(
                application,
                host="127.0.0.1",
                port=0,
                ssl_certfile=key_and_chain if names else None,
                lifespan="off",
                log_level="warning",
                timeout_graceful_shutdown=1,
            )
        )
        self.port = 0
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self.run, daemon=True)

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self._listening.set()

    def __enter__(self) -> "Front":
        self._thread.start()
        if not self._listening.wait(START_SECONDS):
            raise TimeoutError("the front does not listen")
        return self

    def __exit__(self, *_exception: object) -> None:
        self.should_exit = True
        self._thread.join(START_SECONDS)
