"""The service's API behind TLS, under the hostnames that players have built in."""

import json
from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cli.sandbox.gateway import Gateway, token_of

HOSTS = ("api.listenbrainz.org", "ws.audioscrobbler.com", "www.last.fm", "post.audioscrobbler.com")
_METHODS = ["GET", "POST", "PUT", "DELETE"]
_OF_ONE_HOP = {"content-length", "transfer-encoding", "connection", "host"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A new personal token of a user, and the tenant's application."""

    personal: str
    app: dict[str, str]


def sandboxed(gateway: Gateway) -> Starlette:
    """The functions of the sandbox, called in this process."""

    async def answer(request: Request) -> Response:
        reply = await run_in_threadpool(
            gateway.call,
            request.method,
            _target(request),
            headers=dict(request.headers),
            body=await request.body(),
        )
        return Response(reply.body, reply.status, dict(reply.headers))

    return Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)])


def forwarding(api: str) -> Starlette:
    """A deployed API at the address `api`."""

    async def answer(request: Request) -> Response:
        sent = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _OF_ONE_HOP
        }
        async with (
            httpx2.AsyncClient(timeout=30, trust_env=False) as http,
            http.stream(
                request.method, api + _target(request), headers=sent, content=await request.body()
            ) as reply,
        ):
            # As it was sent: a compressed body is the client's to read.
            body = b"".join([part async for part in reply.aiter_raw()])
        shown = {name: one for name, one in reply.headers.items() if name not in _OF_ONE_HOP}
        return Response(body, reply.status_code, shown)

    return Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)])


def make_tokens(gateway: Gateway, user: str) -> Tokens:
    token = token_of(gateway.tenant, user)
    made = gateway.call("POST", "/v1/me/tokens", token=token, body=json.dumps({"name": "Player"}))
    shown = gateway.call("GET", "/v1/me/tokens", token=token).json
    app = {"api_key": shown["lastfm_api_key"], "api_secret": shown["lastfm_shared_secret"]}
    return Tokens(made.json["token"], app)


def _target(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
