"""The security headers of every page of a host app."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: {api}; "
    "connect-src 'self' {api}{uploads}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)


class Protection:
    """Adds the headers to `app`. `api_url` returns the one external address that pages may call.

    Pages of `origins` may show the app's pages in a frame.
    """

    def __init__(
        self, app: ASGIApp, api_url: Callable[[], str], origins: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._api_url = api_url
        self._framed_by = " ".join(("'self'", *origins)) if origins else "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers())
            await send(message)

        await self._app(scope, receive, protected)

    def _headers(self) -> dict[str, str]:
        at = urlsplit(self._api_url())
        origin = f"{at.scheme}://{at.netloc}" if at.netloc else ""
        # Imports are posted to S3, which is at the emulator too, with the bucket in the host name.
        buckets = f" http://*.localhost:{at.port}" if at.port else ""
        policy = POLICY.format(api=origin, uploads=buckets, framed_by=self._framed_by)
        return {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
