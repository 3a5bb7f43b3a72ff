"""ListenBrainz's listens and errors, as its API writes them.

Source: listenbrainz.readthedocs.io, "Core" and "JSON documentation". What stands in
`additional_info` comes from whoever submitted the listen and may be of any shape.
"""

from msgspec import Raw, Struct
from msgspec.json import Decoder

from topk.domain.play import Play, Precision, Track
from topk.providers.http.answer import UNREADABLE
from topk.providers.http.units import Address, Milliseconds, Name, Text, link, seconds

COVERS_URL = "https://coverartarchive.org"


class _Info(Struct):
    isrc: Text | None = None
    duration_ms: Milliseconds | None = None
    duration: Milliseconds | None = None
    """In seconds."""
    origin_url: Address | None = None


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
    artist_name: Name
    track_name: Name
    release_name: Text | None = None
    additional_info: Raw = Raw(b"{}")
    mbid_mapping: Raw = Raw(b"{}")


class Listen(Struct):
    """`listened_at` is the start of the play, in epoch seconds."""

    listened_at: int
    track_metadata: _Metadata
    recording_msid: Text = ""

    def play(self) -> Play:
        shown = self.track_metadata
        info = _info_of(shown.additional_info)
        track = Track(
            track_id=self.recording_msid,
            title=shown.track_name,
            artists=(shown.artist_name,),
            album=shown.release_name or "",
            duration=seconds(info.duration_ms or 0) or info.duration or 0,
            isrc=info.isrc or "",
            url=link(info.origin_url),
            image=_mapping_of(shown.mbid_mapping).cover,
        )
        return Play("listenbrainz", track, self.listened_at, Precision.EXACT)


class _Payload(Struct):
    listens: list[Raw]


class Page(Struct):
    payload: _Payload


class Account(Struct):
    """Whose consent it is, by the name that ListenBrainz knows them by."""

    sub: Name


class Refusal(Struct):
    code: int
    error: str


pages = Decoder(Page)
listens = Decoder(Listen)
accounts = Decoder(Account)
refusals = Decoder(Refusal)
_infos = Decoder(_Info, strict=False)
_mappings = Decoder(_Mapping)


def _info_of(raw: Raw) -> _Info:
    try:
        return _infos.decode(raw)
    except UNREADABLE:
        return _Info()


def _mapping_of(raw: Raw) -> _Mapping:
    try:
        return _mappings.decode(raw)
    except UNREADABLE:
        return _Mapping()
