"""The naive crawl: httpx, pydantic, an item per play and a counter per song.

A typical first version, used only as a baseline for comparisons.
"""

import asyncio
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from simulator.naive.tables import Tables
from simulator.naive.wire import Listened, Page, Token, Track

_CLIENT = ("fake-client-id", "fake-client-secret")
_NOISE = re.compile(r"\((feat|with|official|remaster)[^)]*\)|[^\w ]")


async def crawl_all(
    owners: Iterable[str], tables: Tables, *, provider_url: str, at_once: int, now: datetime
) -> int:
    """Crawls the connections of `owners`; returns how many plays were new."""
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=provider_url, timeout=60, trust_env=False) as http:

        async def one(owner: str) -> int:
            async with gate:
                return await _crawl(owner, tables, http, now)

        return sum(await asyncio.gather(*map(one, owners)))


async def _crawl(owner: str, tables: Tables, http: httpx.AsyncClient, now: datetime) -> int:
    connection = tables.connections.get_item(Key={"owner": owner, "provider": "spotify"})["Item"]
    token = await _refreshed(http, str(connection["refresh_token"]))
    answer = await http.get(
        "/v1/me/player/recently-played",
        params={"limit": 50},
        headers={"Authorization": f"Bearer {token.access_token}"},
    )
    answer.raise_for_status()
    page = Page.model_validate(answer.json())
    last = str(connection["last_played_at"])
    new = [one for one in page.items if one.played_at.isoformat() > last]
    _write(owner, new, tables)
    latest = max((one.played_at.isoformat() for one in new), default=last)
    _move(owner, token, latest, tables, now)
    return len(new)


async def _refreshed(http: httpx.AsyncClient, refresh_token: str) -> Token:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    answer = await http.post("/api/token", data=form, auth=_CLIENT)
    answer.raise_for_status()
    return Token.model_validate(answer.json())


def _write(owner: str, new: Iterable[Listened], tables: Tables) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    with tables.plays.batch_writer() as batch:
        for listened in new:
            item = _item(owner, listened)
            batch.put_item(Item=item)
            counts[f"{owner}#{listened.played_at:%Y-%m-%d}", item["song_id"]] += 1
    for (owner_day, song_id), listens in counts.items():
        tables.counters.update_item(
            Key={"owner_day": owner_day, "song_id": song_id},
            UpdateExpression="ADD listens :listens",
            ExpressionAttributeValues={":listens": listens},
        )


def _item(owner: str, listened: Listened) -> dict[str, Any]:
    track = listened.track
    return {
        "owner": owner,
        "played_at": listened.played_at.isoformat(),
        "provider": "spotify",
        "song_id": song_id(track),
        "track_id": track.id,
        "title": track.name,
        "artists": [artist.name for artist in track.artists],
        "album": track.album.name,
        "duration_ms": track.duration_ms,
        "isrc": track.external_ids.isrc,
        "url": track.external_urls.spotify,
        "image": track.album.images[0].url if track.album.images else None,
    }


def _move(owner: str, token: Token, latest: str, tables: Tables, now: datetime) -> None:
    tables.connections.update_item(
        Key={"owner": owner, "provider": "spotify"},
        UpdateExpression="SET access_token = :token, last_played_at = :latest, "
        "last_crawled_at = :now, next_crawl_at = :next",
        ExpressionAttributeValues={
            ":token": token.access_token,
            ":latest": latest,
            ":now": now.isoformat(),
            ":next": (now + timedelta(days=1)).isoformat(),
        },
    )


def connect(owner: str, refresh_token: str, tables: Tables) -> None:
    """Writes a connection that was never crawled."""
    begin = datetime.fromtimestamp(0, UTC).isoformat()
    tables.connections.put_item(
        Item={
            "owner": owner,
            "provider": "spotify",
            "bucket": "0",
            "access_token": "",
            "refresh_token": refresh_token,
            "last_played_at": begin,
            "last_crawled_at": begin,
            "next_crawl_at": begin,
        }
    )


def song_id(track: Track) -> str:
    """A simple fingerprint of title and artist."""
    text = f"{track.name} {track.artists[0].name}".lower()
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = " ".join(_NOISE.sub(" ", plain).split())
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()
