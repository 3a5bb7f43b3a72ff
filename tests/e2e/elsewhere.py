"""A page that is served neither by the host app nor by the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Elsewhere:
    """One page, `html`, at every path of `origin`."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.origin = f"http://127.0.0.1:{server.server_port}"
        self.html = ""


@contextmanager
def serving() -> Iterator[Elsewhere]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = site.html.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        site = Elsewhere(server)
        Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
