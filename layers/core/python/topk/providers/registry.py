"""The registry of providers by name. Each adapter is imported only when it is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from topk.domain.crawl.provider import Provider
from topk.domain.errors import NotPermittedError, UnknownProviderError
from topk.providers.http.transport import Transport


@dataclass(frozen=True, slots=True)
class Parts:
    """What an adapter is built from."""

    name: str
    http: Transport
    endpoints: Mapping[str, str]
    credentials: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any]


def _spotify(parts: Parts) -> Provider:
    from topk.providers.spotify.adapter import Spotify

    return Spotify(parts.http, endpoints=parts.endpoints, credentials=parts.credentials)


def _apple_music(parts: Parts) -> Provider:
    from topk.providers.apple_music.adapter import DEPTH, AppleMusic

    return AppleMusic(
        parts.http,
        endpoints=parts.endpoints,
        credentials=parts.credentials,
        depth=int(parts.options.get("depth", DEPTH)),
    )


def _youtube(parts: Parts) -> Provider:
    from topk.providers.youtube.adapter import POLL_SECONDS, YouTube

    return YouTube(
        parts.http,
        endpoints=parts.endpoints,
        credentials=parts.credentials,
        poll_seconds=int(parts.options.get("poll_seconds", POLL_SECONDS)),
    )


def _lastfm(parts: Parts) -> Provider:
    from topk.providers.lastfm.adapter import LastFm

    return LastFm(parts.http, endpoints=parts.endpoints, credentials=parts.credentials)


def _listenbrainz(parts: Parts) -> Provider:
    from topk.providers.listenbrainz.adapter import ListenBrainz

    return ListenBrainz(parts.http, endpoints=parts.endpoints, credentials=parts.credentials)


def _partner(parts: Parts) -> Provider:
    from topk.providers.partner.adapter import Partner

    return Partner(
        parts.http, name=parts.name, endpoints=parts.endpoints, credentials=parts.credentials
    )


PROVIDERS: Mapping[str, Callable[[Parts], Provider]] = {
    "spotify": _spotify,
    "apple_music": _apple_music,
    "youtube": _youtube,
    "lastfm": _lastfm,
    "listenbrainz": _listenbrainz,
}
PROTOCOLS: Mapping[str, Callable[[Parts], Provider]] = {"partner": _partner}
"""Protocols for providers without an adapter of their own, selected by the option `protocol`."""


def build(
    name: str,
    *,
    endpoints: Mapping[str, str],
    credentials: Mapping[str, str],
    options: Mapping[str, Any],
    http: Transport,
) -> Provider:
    """The adapter of `name`; where an endpoint is not given, the provider's own address stands.

    `options` may hold `depth` (apple_music), `poll_seconds` (youtube) and `protocol` (a provider
    that has no adapter of its own, all of whose endpoints must be given); others are not read.
    Raises UnknownProviderError for an unknown name, NotPermittedError where a credential or such an
    endpoint is missing.
    """
    make = PROVIDERS.get(name) or PROTOCOLS.get(str(options.get("protocol")))
    if make is None:
        raise UnknownProviderError("is unknown")
    try:
        return make(Parts(name, http, endpoints, credentials, options))
    except KeyError as missing:
        raise NotPermittedError(f"the configuration of {name} lacks {missing}") from None
