"""The pages of a host app: its own HTML around the service's elements."""

import json
from collections.abc import Sequence
from html import escape

from starlette.responses import Response

from simulator.host.frame import Page, face, faces, framed
from simulator.host.friends import Friends
from simulator.host.music import Music
from simulator.host.portrait import hue
from simulator.listeners.population import PROVIDERS, Listener

SONGS = 10
WIDGET, ACCOUNT = "top-songs", "top-songs-account"
SESSION = "music/session/token"
_CARD = "{api}/v1/users/{user}/top.png"


class Pages:
    def __init__(
        self, tenant: str, people: Sequence[Listener], friends: Friends, music: Music
    ) -> None:
        self._root = f"/host/{tenant}"
        self._name = tenant.title()
        self._people = {one.user: one for one in people}
        self._friends = friends
        self._music = music

    def everybody(self, viewer: Listener | None) -> Response:
        """The page on which to choose a user to sign in as."""
        cards = "".join(
            f'<li><button name="user" value="{escape(one.user)}">{face(self._root, one, 64)}'
            f"<strong>{escape(one.name)}</strong><small>@{escape(one.user)}</small></button></li>"
            for one in self._people.values()
        )
        body = (
            "<h1>Who are you today?</h1>"
            f'<p class="lead">Everybody on {self._name} is made up. Sign in as anybody.</p>'
            f'<form method="post" action="{self._root}/session"><ul class="people">{cards}</ul>'
            "</form>"
        )
        return self._framed(viewer, Page("Who are you?", body))

    def profile(self, viewer: Listener | None, person: Listener, api_url: str) -> Response:
        own = viewer == person
        whose = "" if own else f' user="{escape(person.user)}"'
        signed_in = " signed-in" if viewer else ""
        heading = "Your week" if own else f"{person.name.split()[0]}’s week"
        follows = [self._people[user] for user in self._friends.followed_by(person.user)]
        body = (
            f'<div class="banner hue-{hue(person.user)}"></div><div class="who">'
            f"{face(self._root, person, 96)}<div><h1>{escape(person.name)}</h1>"
            f'<p class="calm">@{escape(person.user)} · {self._followers(person)} · '
            f"follows {len(follows)}</p></div>{self._button(viewer, person)}</div>"
            f'<top-songs api="{escape(api_url)}" k="{SONGS}" lang="en"{whose}{signed_in} '
            "with-switch "
            f'share-href="{self._root}/people/{escape(person.user)}" '
            f'accounts-href="{self._root}/accounts" '
            f'imports-href="{self._root}/music/scrobblers.html" '
            f'players-href="{self._root}/music/scrobblers.html" '
            f'heading="{escape(heading)}"></top-songs>'
            f"{_WITHOUT_SCRIPT}<h2>Follows</h2>{faces(self._root, follows)}"
        )
        description = f"The songs {person.name} played most in the past seven days."
        head = _open_graph(person, description, api_url) + self._scripts(WIDGET, bool(viewer))
        here = f"people/{person.user}"
        return self._framed(viewer, Page(person.name, body, description, head, here))

    def feed(self, viewer: Listener, api_url: str) -> Response:
        followed = [self._people[user] for user in self._friends.followed_by(viewer.user)]
        names = json.dumps({one.user: one.name for one in followed}, ensure_ascii=False)
        body = (
            '<h1>Feed</h1><p class="lead">What the people you follow play most.</p>'
            f"{faces(self._root, followed)}"
            f'<followed-lists api="{escape(api_url)}" k="{SONGS}" data-names="{escape(names)}">'
            "</followed-lists>"
        )
        return self._own(viewer, "Feed", body, "feed")

    def accounts(self, viewer: Listener, api_url: str, return_to: str) -> Response:
        offered = escape(" ".join(dict.fromkeys((*viewer.accounts, *PROVIDERS))))
        body = (
            '<h1>My accounts</h1><p class="lead">The music accounts your list is made of.</p>'
            f'<connected-accounts api="{escape(api_url)}" data-providers="{offered}" '
            f'return-to="{escape(return_to)}"></connected-accounts>'
        )
        return self._own(viewer, "My accounts", body, "accounts")

    def followers(self, viewer: Listener, api_url: str) -> Response:
        body = (
            '<h1>Followers</h1><p class="lead">Who follows you, and who has asked to.</p>'
            f'<my-followers api="{escape(api_url)}" data-names="{escape(self._names())}">'
            "</my-followers>"
        )
        return self._own(viewer, "Followers", body, "followers")

    def privacy(self, viewer: Listener, api_url: str) -> Response:
        body = (
            '<h1>Privacy</h1><p class="lead">Who sees your list, and what stays out of it.</p>'
            f'<privacy-settings api="{escape(api_url)}"></privacy-settings>'
        )
        return self._own(viewer, "Privacy", body, "privacy")

    def _names(self) -> str:
        """Every user's name by id, as JSON."""
        names = {user: one.name for user, one in self._people.items()}
        return json.dumps(names, ensure_ascii=False)

    def not_found(self) -> Response:
        return self.message("Not found", "There is no such user here.", 404)

    def message(self, title: str, text: str, status: int) -> Response:
        body = f'<h1>{escape(title)}</h1><p class="lead">{escape(text)}</p>'
        return self._framed(None, Page(title, body), status)

    def _own(self, viewer: Listener, title: str, body: str, here: str) -> Response:
        page = Page(title, body + _WITHOUT_SCRIPT, head=self._scripts(ACCOUNT), here=here)
        return self._framed(viewer, page)

    def _framed(self, viewer: Listener | None, page: Page, status: int = 200) -> Response:
        return framed(self._root, self._name, viewer, page, status)

    def _scripts(self, element: str, signed_in: bool = True) -> str:
        """The scripts of a page. The app's own comes first, since it provides the token."""
        token = f'<link rel="preload" href="{self._root}/{SESSION}" as="fetch" crossorigin>'
        own = f'<script type="module" src="{self._root}/static/host.js"></script>'
        return f"{token if signed_in else ''}{own}{self._music.script(element)}"

    def _followers(self, person: Listener) -> str:
        count = self._friends.followers(person.user)
        return f"{count} follower{'' if count == 1 else 's'}"

    def _button(self, viewer: Listener | None, person: Listener) -> str:
        if viewer is None or viewer == person:
            return ""
        follows = self._friends.follows(viewer.user, person.user)
        asked = self._friends.waits(viewer.user, person.user)
        act, text = ("unfollow", "Unfollow") if follows else ("follow", "Follow")
        if asked:
            act, text = "unfollow", "Requested"
        look = ' class="quiet"' if follows or asked else ""
        return (
            f'<form method="post" action="{self._root}/people/{escape(person.user)}/{act}">'
            f'<button{look}>{text}<span class="unseen"> {escape(person.name)}</span></button>'
            "</form>"
        )


_WITHOUT_SCRIPT = '<noscript><p class="calm">Lists need JavaScript.</p></noscript>'


def _open_graph(person: Listener, description: str, api_url: str) -> str:
    """https://ogp.me: how a link to the profile looks where it is shared."""
    told = {
        "og:type": "profile",
        "og:title": person.name,
        "og:description": description,
        "og:image": _CARD.format(api=api_url.rstrip("/"), user=person.user),
        "og:image:alt": description,
    }
    tags = "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items()
    )
    return tags + '<meta name="twitter:card" content="summary_large_image">'
