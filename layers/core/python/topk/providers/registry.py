"""All providers by name. Each is loaded only where it is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from topk.domain.errors import InvalidRequestError, NotPermittedError
from topk.domain.provider import Provider
from topk.providers.transport import Transport


@dataclass(frozen=True, slots=True)
class Parts:
    """What an adapter is built from."""

    http: Transport
    endpoints: Mapping[str, str]
    credentials: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any]


def _spotify(parts: Parts) -> Provider:
    from topk.providers.spotify import Spotify

    return Spotify(parts.http, endpoints=parts.endpoints, credentials=parts.credentials)


def _apple_music(parts: Parts) -> Provider:
    from topk.providers.apple_music import DEPTH, AppleMusic

    return AppleMusic(
        parts.http,
        endpoints=parts.endpoints,
        credentials=parts.credentials,
        depth=int(parts.options.get("depth", DEPTH)),
    )


def _youtube(parts: Parts) -> Provider:
    from topk.providers.youtube import POLL_SECONDS, YouTube

    return YouTube(
        parts.http,
        endpoints=parts.endpoints,
        credentials=parts.credentials,
        poll_seconds=int(parts.options.get("poll_seconds", POLL_SECONDS)),
    )


PROVIDERS: Mapping[str, Callable[[Parts], Provider]] = {
    "spotify": _spotify,
    "apple_music": _apple_music,
    "youtube": _youtube,
}


def build(
    name: str,
    *,
    endpoints: Mapping[str, str],
    credentials: Mapping[str, str],
    options: Mapping[str, Any],
    http: Transport,
) -> Provider:
    """The adapter of `name`; where an endpoint is not given, the provider's own address stands.

    `options` may hold `depth` (apple_music) and `poll_seconds` (youtube); others are not read.
    Raises InvalidRequestError for an unknown name, NotPermittedError where a credential is missing.
    """
    if name not in PROVIDERS:
        raise InvalidRequestError("provider", "is not one of ours", status=404)
    try:
        return PROVIDERS[name](Parts(http, endpoints, credentials, options))
    except KeyError as missing:
        raise NotPermittedError(f"credentials of {name} lack {missing}") from None
