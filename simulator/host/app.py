"""One social app: its users, their sign-in, and its pages."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import resources

import httpx2
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from simulator.fields import form
from simulator.host.friends import Friends
from simulator.host.identity import SCOPES, Identity
from simulator.host.music import Music
from simulator.host.open_id import OpenId, issuer, server_of
from simulator.host.pages import Pages
from simulator.host.portrait import portrait
from simulator.host.protection import Protection
from simulator.host.service import Change, Service, ServiceError
from simulator.host.session import Session
from simulator.listeners.population import Listener
from simulator.world import World

SEE_OTHER = 303
_STATIC = str(resources.files("simulator.host") / "static")


class HostApp:
    """A host app. Anyone may sign in as any user, since the users are not real.

    If `users_ask`, a new follow is a request at the service, which the other user accepts there.
    """

    def __init__(
        self,
        world: World,
        tenant: str,
        service: httpx2.AsyncBaseTransport | None,
        origins: Sequence[str] = (),
        *,
        users_ask: bool = False,
    ) -> None:
        self._world = world
        self._tenant = tenant
        self._transport = service
        self._origins = tuple(origins)
        self._users_ask = users_ask
        self._people = [one for one in world.listeners if one.tenant == tenant]
        self._friends = Friends(self._people)
        self._identity = Identity(world.clock.now)
        self._session = Session(world, tenant, self._identity)
        self._music = Music(world, tenant, self._session)
        self._pages = Pages(tenant, self._people, self._friends, self._music)

    def mounted(self) -> Mount:
        return Mount(
            f"/host/{self._tenant}",
            routes=[*OpenId(self._world, self._tenant, self._identity).routes(), *self._routes()],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=self._origins,
                    allow_methods=["GET", "POST"],
                    allow_headers=["content-type"],
                ),
                Middleware(Protection, api_url=self._api_url, origins=self._origins),
            ],
        )

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.everybody),
            Route("/session", self.begin_session, methods=["POST"]),
            Route("/session/end", self.end_session, methods=["POST"]),
            Route("/people/{user}", self.profile),
            Route("/people/{user}/portrait.svg", self.portrait),
            Route("/people/{user}/follow", self.follow, methods=["POST"]),
            Route("/people/{user}/unfollow", self.unfollow, methods=["POST"]),
            Route("/feed", self.feed),
            Route("/followers", self.followers),
            Route("/accounts", self.accounts),
            Route("/privacy", self.privacy),
            Mount("/music", routes=self._music.routes()),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]

    async def everybody(self, request: Request) -> Response:
        return self._pages.everybody(self._session.viewer(request))

    async def begin_session(self, request: Request) -> Response:
        """Signs in, and sends the user's follows and the names that they see to the service."""
        person = self._person((await form(request)).get("user", ""))
        if person is None:
            return self._pages.not_found()
        answer = self._sent_to(f"people/{person.user}")
        self._session.begin(request, answer, person.user)
        # If the service is down, the pages say so in place of the lists.
        with suppress(ServiceError):
            await self._send(request, "follow", person, self._friends.own(person.user))
            await self._tell_names(request, [person.user, *self._friends.own(person.user)])
        return answer

    async def end_session(self, _request: Request) -> Response:
        answer = self._sent_to("")
        self._session.end(answer)
        return answer

    async def profile(self, request: Request) -> Response:
        """Open to everyone; without a sign-in only public lists are shown."""
        person = self._person(request.path_params["user"])
        if person is None:
            return self._pages.not_found()
        viewer = self._session.viewer(request)
        if viewer and self._friends.waits(viewer.user, person.user):
            # If the service is down, the request is shown as pending.
            with suppress(ServiceError):
                if await self._as_user(request, viewer).follows(person.user):
                    self._friends.agree(viewer.user, person.user)
        return self._pages.profile(viewer, person, self._api_url())

    async def portrait(self, request: Request) -> Response:
        person = self._person(request.path_params["user"])
        if person is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "max-age=86400"}
        return Response(portrait(person), media_type="image/svg+xml", headers=headers)

    async def feed(self, request: Request) -> Response:
        return self._own(request, self._pages.feed)

    async def followers(self, request: Request) -> Response:
        return self._own(request, self._pages.followers)

    async def accounts(self, request: Request) -> Response:
        address = f"{issuer(request, self._tenant)}/accounts"
        return self._own(request, partial(self._pages.accounts, return_to=address))

    async def privacy(self, request: Request) -> Response:
        return self._own(request, self._pages.privacy)

    async def follow(self, request: Request) -> Response:
        return await self._change(request, "follow")

    async def unfollow(self, request: Request) -> Response:
        return await self._change(request, "unfollow")

    async def _change(self, request: Request, change: Change) -> Response:
        viewer, other = self._session.viewer(request), self._person(request.path_params["user"])
        if viewer is None:
            return self._sent_to("")
        if other is None or other == viewer:
            return self._pages.not_found()
        try:
            if change == "follow":
                await self._follow(request, viewer, other)
            else:
                await self._unfollow(request, viewer, other)
        except ServiceError as error:
            return self._pages.message("That did not work", str(error), 502)
        return self._sent_to(f"people/{other.user}")

    async def _follow(self, request: Request, viewer: Listener, other: Listener) -> None:
        if not self._users_ask:
            await self._send(request, "follow", viewer, [other.user])
            self._friends.follow(viewer.user, other.user)
        elif await self._as_user(request, viewer).ask(other.user):
            self._friends.agree(viewer.user, other.user)
        else:
            self._friends.ask(viewer.user, other.user)

    async def _unfollow(self, request: Request, viewer: Listener, other: Listener) -> None:
        if self._friends.waits(viewer.user, other.user):
            await self._as_user(request, viewer).stop(other.user)
        else:
            await self._send(request, "unfollow", viewer, [other.user])
        self._friends.unfollow(viewer.user, other.user)

    def _as_user(self, request: Request, user: Listener) -> Service:
        token = self._identity.token(issuer(request, self._tenant), user.user)
        return Service(self._api_url(), token, self._transport)

    async def _send(
        self, request: Request, change: Change, person: Listener, others: list[str]
    ) -> None:
        service = Service(self._api_url(), self._server_token(request), self._transport)
        await service.send(change, person.user, others)

    async def _tell_names(self, request: Request, users: Sequence[str]) -> None:
        known = [one for user in users if (one := self._person(user))]
        service = Service(self._api_url(), self._server_token(request), self._transport)
        await service.tell({one.user: one.name for one in known})

    def _server_token(self, request: Request) -> str:
        named = issuer(request, self._tenant), server_of(self._tenant)
        return self._identity.server_token(*named, " ".join(SCOPES))

    def _own(self, request: Request, page: Callable[[Listener, str], Response]) -> Response:
        """`page` for the signed-in user; without one, a redirect to the sign-in page."""
        viewer = self._session.viewer(request)
        return page(viewer, self._api_url()) if viewer else self._sent_to("")

    def _person(self, user: str) -> Listener | None:
        return self._world.listener(self._tenant, user)

    def _api_url(self) -> str:
        return self._world.api_urls.get(self._tenant, "")

    def _sent_to(self, path: str) -> Response:
        return RedirectResponse(f"/host/{self._tenant}/{path}", status_code=SEE_OTHER)
