"""ListenBrainz's listens and errors, as its API writes them.

Source: listenbrainz.readthedocs.io, "Core" and "JSON documentation". What stands in
`additional_info` comes from whoever submitted the listen and may be of any shape.
"""

from typing import TypeVar

from msgspec import Raw, Struct
from msgspec.json import Decoder

from topk.domain.play import Play, Precision, Track
from topk.domain.play_rule import PlayReport
from topk.providers.http.answer import UNREADABLE
from topk.providers.http.units import Address, Epoch, Key, Milliseconds, Name, Text, link, seconds
from topk.providers.reading.items import read_item
from topk.providers.reading.lenient import UnreadableError

T = TypeVar("T")

COVERS_URL = "https://coverartarchive.org"


class _Info(Struct):
    isrc: Text | None = None
    duration_ms: Milliseconds | None = None
    duration: Milliseconds | None = None
    """In seconds."""
    origin_url: Address | None = None
    duration_played: Milliseconds | None = None
    """In seconds: how long the user listened."""


class _Mapping(Struct):
    """What MusicBrainz knows of it. The cover is one of the Cover Art Archive's."""

    caa_id: int | None = None
    caa_release_mbid: Text | None = None

    @property
    def cover(self) -> str:
        if not (self.caa_id and self.caa_release_mbid):
            return ""
        return f"{COVERS_URL}/release/{self.caa_release_mbid}/{self.caa_id}-250.jpg"


class _Metadata(Struct):
    track_name: Name
    artist_name: Text | None = None
    release_name: Text | None = None
    additional_info: Raw = Raw(b"{}")
    mbid_mapping: Raw = Raw(b"{}")


class Listen(Struct):
    """`listened_at` is the start of the play, in epoch seconds."""

    listened_at: Epoch
    track_metadata: _Metadata
    recording_msid: Text = ""

    def report(self) -> PlayReport:
        shown = self.track_metadata
        info = _part_of(shown.additional_info, _infos)
        artist = shown.artist_name or ""
        track = Track(
            track_id=self.recording_msid,
            title=shown.track_name,
            artists=(artist,) if artist.strip() else (),
            album=shown.release_name or "",
            duration=seconds(info.duration_ms or 0) or info.duration or 0,
            isrc=info.isrc or "",
            url=link(info.origin_url),
            image=_part_of(shown.mbid_mapping, _mappings).cover,
        )
        play = Play("listenbrainz", track, self.listened_at, Precision.EXACT)
        return PlayReport(play, info.duration_played)


class Stamped(Struct):
    """A listen of which only the time can be read."""

    listened_at: Epoch


class _Payload(Struct):
    listens: list[Raw]


class Page(Struct):
    payload: _Payload


class Account(Struct):
    """Whose consent it is, by the name that ListenBrainz knows them by."""

    sub: Key


class Refusal(Struct):
    code: int
    error: str


pages = Decoder(Page)
listens = Decoder(Listen)
stamps = Decoder(Stamped)
accounts = Decoder(Account)
refusals = Decoder(Refusal)
_infos = Decoder(_Info, strict=False)
_mappings = Decoder(_Mapping)


def _part_of(raw: Raw, decoder: Decoder[T]) -> T:
    """What can be read of a part that submitters fill as they like."""
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        pass
    try:
        return read_item(raw, decoder)
    except UnreadableError:
        return decoder.decode(b"{}")
