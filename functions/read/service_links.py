"""Addresses of a song at the service that a viewer prefers.

A song's own link leads to the service on which it was played. At any other, it is looked up by its
title and first artist: these addresses are the services' own search pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Service:
    """`hosts` are those of its song pages; `search` ends where the words follow."""

    hosts: frozenset[str]
    search: str


ADDRESSES: Mapping[str, Service] = {
    "spotify": Service(frozenset({"open.spotify.com"}), "https://open.spotify.com/search/"),
    "apple_music": Service(frozenset({"music.apple.com"}), "https://music.apple.com/search?term="),
    "youtube": Service(
        frozenset({"music.youtube.com", "www.youtube.com", "youtu.be"}),
        "https://music.youtube.com/search?q=",
    ),
    "lastfm": Service(frozenset({"www.last.fm"}), "https://www.last.fm/search/tracks?q="),
    "listenbrainz": Service(
        frozenset({"listenbrainz.org"}),
        "https://listenbrainz.org/search/?search_type=track&search_term=",
    ),
}
"""By the provider's name in lists."""


def link_at(service: str, url: str, title: str, singers: Sequence[str]) -> str:
    """The address of a song at `service`: `url` where it leads there, or no service is named."""
    known = ADDRESSES.get(service)
    if known is None or _host(url) in known.hosts:
        return url
    return known.search + quote(" ".join((title, *singers[:1])), safe="")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
