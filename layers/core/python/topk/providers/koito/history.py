"""Koito's export.

Source: github.com/gabehf/Koito, internal/export/export.go. A name has several spellings, of which
one is primary; `track.duration` is in seconds, 0 if unknown.
"""

from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.providers.histories import fields
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, having, stateless

PROVIDER = "koito"


def _read(item: Any) -> Record:
    track, artists = item["track"], item.get("artists") or []
    found = Track(
        track_id=fields.detail(track.get("mbid")),
        title=fields.name(_primary(track), Left.TITLE),
        artists=tuple(fields.name(_primary(one), Left.ARTIST) for one in _leading(artists)),
        album=fields.detail(_primary(item.get("album") or {})),
        duration=fields.duration_of(fields.number(track.get("duration"))),
    )
    if not found.artists:
        raise UnusableError(Left.ARTIST)
    play = Play(PROVIDER, found, fields.instant(item["listened_at"]), Precision.EXACT)
    return Record((play,))


def _leading(artists: list[Any]) -> list[Any]:
    """Artists, the primary one first."""
    return sorted(artists, key=lambda one: not one.get("is_primary"))


def _primary(named: Any) -> Any:
    """The primary spelling, or the first one."""
    aliases = named.get("aliases") or []
    found = [one["alias"] for one in aliases if one.get("is_primary")]
    return found[0] if found else aliases[0]["alias"] if aliases else None


KOITO = Format("koito", having("listened_at", "track", "artists"), stateless(_read))
