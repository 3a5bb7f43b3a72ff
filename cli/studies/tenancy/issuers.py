"""A server with the token issuers of any number of tenants, for stacks on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from cli.sandbox.issuer import public_key
from topk.runtime.tokens.issuer_keys import DISCOVERY

KEYS = "/keys"


@contextmanager
def issuers() -> Iterator[str]:
    """While active, every path below the yielded address is an issuer with the sandbox's key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Issuer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Discovery document and keys: OpenID Connect Discovery 1.0, section 4."""
        issuer = f"http://{self.headers['host']}{self.path.removesuffix(DISCOVERY)}"
        if self.path.endswith(KEYS):
            self._tell({"keys": [public_key()]})
        else:
            self._tell({"issuer": issuer, "jwks_uri": f"{issuer}{KEYS}"})

    def _tell(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a study prints its own table."""
