"""A public list as an embed that other sites ask for: https://oembed.com, version 1.0."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from functions.card.sizes import SIZES
from topk.domain.errors import InvalidRequestError, NotVisibleError
from topk.usecases.lists.read_list import Shown

PAGE = "/embed/v1/list.html"
"""The page that a frame shows (web/public/embed/v1)."""
WIDTH, HEIGHT = 480, 820
"""Pixels, unless the caller has less room."""
_LEAST = 160


def user_of(address: str) -> str:
    """The user whose list is at `address`. Which host serves the page is not compared: the API's
    own host name says whose user it is.

    Raises InvalidRequestError without an address, and NotVisibleError for one of another page.
    """
    if not address:
        raise InvalidRequestError("url", "is missing")
    page, _, query = address.partition("?")
    users = parse_qs(query.partition("#")[0]).get("user", [])
    if not page.endswith(PAGE) or len(users) != 1:
        raise NotVisibleError("embed")
    return users[0]


def limited(given: str | None, usual: int, field: str) -> int:
    """`usual` pixels, or `given` if that is less. Raises InvalidRequestError."""
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit()) or int(given[:9]) < _LEAST:
        raise InvalidRequestError(field, f"must be a whole number from {_LEAST} on")
    return min(int(given[:9]), usual)


def embed(shown: Shown, base_url: str, *, width: int, height: int, seconds: int) -> dict[str, Any]:
    """The response of type `rich` (oembed.com, section 2.3.4.4)."""
    user = quote(shown.owner.user, safe="")
    page, card = f"{base_url}{PAGE}?user={user}", SIZES["link"]
    author = {"author_name": shown.person.name} if shown.person.name else {}
    return author | {
        "version": "1.0",
        "type": "rich",
        "title": "Most played songs of the week",
        "provider_name": urlsplit(base_url).hostname or "",
        "provider_url": base_url,
        "cache_age": seconds,
        "html": (
            f'<iframe src="{page}" width="{width}" height="{height}" loading="lazy" '
            'title="Most played songs of the week" style="border:0"></iframe>'
        ),
        "width": width,
        "height": height,
        "thumbnail_url": f"{base_url}/v1/users/{user}/top.png",
        "thumbnail_width": card.width,
        "thumbnail_height": card.height,
    }
