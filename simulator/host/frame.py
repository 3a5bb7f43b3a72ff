"""The frame that all pages of a host app share."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse, Response

from simulator.listeners.population import Listener

_LINKS = (
    ("feed", "Feed"),
    ("followers", "Followers"),
    ("accounts", "My accounts"),
    ("privacy", "Privacy"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """`body` and `head` are HTML, the others are text. `here` is the page's place in the menu."""

    title: str
    body: str
    description: str = "Friends, and what they listen to."
    head: str = ""
    here: str = ""


def framed(
    root: str, name: str, viewer: Listener | None, page: Page, status: int = 200
) -> Response:
    """The complete page. `root` is the base path of the app `name`."""
    title = f"{page.title} · {name}"
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width">'
        f'<meta name="description" content="{escape(page.description)}">'
        f'<link rel="icon" href="{root}/static/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{root}/music/page.css">'
        f'<link rel="stylesheet" href="{root}/static/host.css">{page.head}</head><body>'
        '<a class="skip" href="#content">Skip to the content</a>'
        f'<header class="top"><a class="brand" href="{root}/">'
        f'<img src="{root}/static/icon.svg" alt="" width="28" height="28">{escape(name)}</a>'
        f"{_menu(root, viewer, page.here)}</header>"
        f'<main id="content" tabindex="-1">{page.body}</main></body></html>',
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def _menu(root: str, viewer: Listener | None, here: str) -> str:
    if viewer is None:
        return f'<nav aria-label="App"><a class="button" href="{root}/">Sign in</a></nav>'
    mine = (f"people/{viewer.user}", "My profile")
    links = "".join(_link(root, path, text, here) for path, text in (mine, *_LINKS))
    return (
        f'<nav aria-label="App"><ul>{links}</ul></nav>'
        f'<form method="post" action="{root}/session/end"><button class="quiet">Sign out'
        f'<span class="unseen"> {escape(viewer.name)}</span></button></form>'
    )


def _link(root: str, path: str, text: str, here: str) -> str:
    current = ' aria-current="page"' if path == here else ""
    return f'<li><a href="{root}/{escape(path)}"{current}>{text}</a></li>'


def faces(root: str, people: Sequence[Listener]) -> str:
    """Portraits that link to the people's profiles."""
    shown = "".join(
        f'<li><a href="{root}/people/{escape(one.user)}">{face(root, one, 56)}'
        f"<span>{escape(one.name)}</span></a></li>"
        for one in people
    )
    return f'<ul class="faces">{shown}</ul>'


def face(root: str, person: Listener, size: int) -> str:
    """A portrait of `size` pixels. Its alt text is empty, since the name is next to it."""
    return (
        f'<img class="face" src="{root}/people/{escape(person.user)}/portrait.svg" alt="" '
        f'width="{size}" height="{size}">'
    )
