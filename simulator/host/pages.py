"""The host app's pages, as HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from starlette.responses import HTMLResponse

from simulator.answers import page
from simulator.population import STREAMING, Listener

PROVIDER_NAMES = {
    "spotify": "Spotify",
    "apple_music": "Apple Music",
    "youtube": "YouTube",
    "lastfm": "Last.fm",
    "listenbrainz": "ListenBrainz",
    "partner": "Partner",
}


def people(root: str, tenant: str, listeners: Sequence[Listener]) -> HTMLResponse:
    rows = "".join(
        f'<li class="row"><form method="post" action="{root}/session">'
        f'<button name="user" value="{escape(person.user)}">Sign in</button></form>'
        f"{escape(person.name)} <small>{escape(person.user)}</small></li>"
        for person in listeners
    )
    return page(f"{tenant.title()}: who are you?", f"<ul>{rows}</ul>")


def profile(
    root: str, viewer: Listener, person: Listener, songs: Sequence[Mapping[str, Any]], trouble: str
) -> HTMLResponse:
    shown = f"<p>{escape(trouble)}</p>" if trouble else f"<ol>{_songs(songs)}</ol>"
    follows = " · ".join(_link(root, user) for user in person.follows)
    return page(
        person.name,
        f"{_navigation(root, viewer)}<h2>Most played in the past seven days</h2>{shown}"
        f"<h2>Follows</h2><p>{follows}</p>",
    )


def accounts(
    root: str, viewer: Listener, connections: Sequence[Mapping[str, Any]], notice: str
) -> HTMLResponse:
    status = {found["provider"]: found["status"] for found in connections}
    offered = dict.fromkeys((*STREAMING, *viewer.accounts))
    rows = "".join(
        f'<li class="row"><form method="post" action="{root}/accounts/{provider}">'
        f"<button>Connect {PROVIDER_NAMES[provider]}</button></form>"
        f"<small>{escape(str(status.get(provider, 'not connected')))}</small></li>"
        for provider in offered
    )
    told = f"<p>{escape(notice)}</p>" if notice else ""
    return page("Music accounts", f"{_navigation(root, viewer)}{told}<ul>{rows}</ul>")


def message(title: str, text: str, status: int) -> HTMLResponse:
    return page(title, f"<p>{escape(text)}</p>", status=status)


def _navigation(root: str, viewer: Listener) -> str:
    return (
        f'<p><small>Signed in as {escape(viewer.name)} · <a href="{root}/people/'
        f'{escape(viewer.user)}">my profile</a> · <a href="{root}/accounts">music accounts</a> · '
        f'<a href="{root}">everybody</a></small></p>'
    )


def _link(root: str, user: str) -> str:
    return f'<a href="{root}/people/{escape(user)}">{escape(user)}</a>'


def _songs(songs: Sequence[Mapping[str, Any]]) -> str:
    return "".join(
        f'<li class="row"><img src="{escape(str(song.get("thumbnail_image") or ""))}" alt="">'
        f"<span>{escape(str(song['title']))}<br><small>{escape(', '.join(song['singers']))} · "
        f"{song['listen_count']} plays</small></span></li>"
        for song in songs
    )
