"""The providers of the sandbox: they answer with the sample bodies in `events/providers/`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2

from topk.providers.http.transport import Transport

_SAMPLES = Path(__file__).resolve().parents[2] / "events" / "providers"


def transport(**_: Any) -> Transport:
    return Transport(lambda: httpx2.MockTransport(answer))


def answer(request: httpx2.Request) -> httpx2.Response:
    """The provider's response for a URL; tokens select failures."""
    bearer = request.headers.get("Authorization", "")
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    match request.url.host, request.url.path:
        case "accounts.spotify.com" | "oauth2.googleapis.com" as host, _:
            return _token("spotify" if "spotify" in host else "youtube", form)
        case "api.spotify.com", _ if bearer.endswith("broken"):
            return _sample("spotify/bad_gateway.txt", 502)
        case "api.spotify.com", _ if bearer.endswith("limited"):
            return _sample("spotify/rate_limited.json", 429, {"Retry-After": "72000"})
        case "api.spotify.com", _:
            last = "before" in request.url.params
            name = "recently_played_empty" if last else "recently_played"
            return _sample(f"spotify/{name}.json")
        case "api.music.apple.com", _:
            return _sample("apple_music/recent_tracks_next.json")
        case "dataportability.googleapis.com", path if path.endswith(":initiate"):
            return _sample("youtube/initiated.json")
        case _:
            return httpx2.Response(404)


def _token(provider: str, form: Mapping[str, str]) -> httpx2.Response:
    if form.get("refresh_token", "").endswith("revoked"):
        return _sample(f"{provider}/token_revoked.json", 400)
    fresh = form.get("grant_type") == "refresh_token"
    return _sample(f"{provider}/token{'_refreshed' if fresh else ''}.json")


def _sample(
    name: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    return httpx2.Response(status, content=(_SAMPLES / name).read_bytes(), headers=headers)
