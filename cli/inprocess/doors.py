"""The way of a browser: to the simulated providers' pages, and back to the service's callback."""

from urllib.parse import parse_qsl, urlencode

import httpx2

from cli.inprocess.service import Service
from cli.inprocess.world import API_URL, SimulatedWorld, callback_url
from functions.connect.pages import music_kit
from topk.domain.crawl.provider import BrowserGranted
from topk.domain.owner import Owner
from topk.usecases.accounts.begin_connection import begin_connection

RETURN_URL = "http://host.simulated/accounts"


class Doors(httpx2.BaseTransport):
    """Carries a browser's requests, each to whose it is."""

    def __init__(self, world: SimulatedWorld, service: Service) -> None:
        self._world = world
        self._service = service
        self._secrets = 0

    def begin(self, owner: Owner, provider: str, *, now: int) -> str:
        """Where the browser of `owner` has to go to connect an account at `provider`."""
        return begin_connection(
            owner,
            self._service.providers[provider],
            return_to=None,
            allowed_returns=(RETURN_URL,),
            redirect_uri=callback_url(provider),
            connections=self._service.tables.connections,
            most_connections=len(self._service.providers),
            handshakes=self._service.tables.handshakes,
            new_secret=self._new_secret,
            now=now,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not str(request.url).startswith(API_URL):
            return self._world.answer(request)
        *_, provider, last = request.url.path.split("/")
        fields = dict(request.url.params) | dict(parse_qsl(request.read().decode()))
        return (
            self._consent(provider, fields) if last == "authorize" else self._back(provider, fields)
        )

    def _consent(self, provider: str, fields: dict[str, str]) -> httpx2.Response:
        adapter = self._service.providers[provider]
        if not isinstance(adapter, BrowserGranted):
            return httpx2.Response(404)
        page = adapter.page(
            state=fields["state"], redirect_uri=callback_url(provider), now=self._service.now
        )
        return httpx2.Response(200, html=music_kit(page, return_to=RETURN_URL).html)

    def _back(self, provider: str, fields: dict[str, str]) -> httpx2.Response:
        done = self._service.come_back(provider, fields, self._new_secret)
        told = {"confirmation": done.confirmation}
        if done.error:
            told = {"connect_error": done.error}
        return httpx2.Response(303, headers={"location": f"{done.return_to}?{urlencode(told)}"})

    def _new_secret(self) -> str:
        self._secrets += 1
        return f"simulated-secret-{self._secrets:032}"
