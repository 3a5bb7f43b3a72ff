"""Google's Data Portability API and the activity records that it exports.

Source: developers.google.com/data-portability and its schema reference for My Activity. An archive
is a JSON array of records, plain or as one or more files of a zip.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from msgspec import Raw, Struct, ValidationError, convert, to_builtins
from msgspec.json import Decoder

from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.errors import BadPayloadError
from topk.domain.play import Play, Precision, Track
from topk.providers.http.answer import UNREADABLE
from topk.providers.http.units import Key, Moment, Name, Text, milliseconds, seconds
from topk.providers.reading.items import Read, read_items
from topk.providers.reading.shape import shape_of
from topk.providers.youtube.watched import Wording, wording_of

MUSIC = "YouTube Music"
ADS = "Google Ads"
"""Part of the detail of an advertisement, in every language."""

_ZIP_START = b"PK\x03\x04"
_UNZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_SEARCH_PATHS = ("/results", "/search")
_VISITED_PATHS = ("/channel/", "/@", "/c/", "/user/", "/post/")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Job(Struct, rename="camel"):
    """The answer to an export that was begun."""

    archive_job_id: Key


class State(Struct, rename="camel"):
    """How far an export is: IN_PROGRESS, COMPLETE with signed addresses, FAILED or CANCELLED."""

    state: str
    urls: list[str] = []
    export_time: Moment | None = None

    @property
    def reaches(self) -> int | None:
        """The end of what was exported, in epoch seconds."""
        return seconds(milliseconds(self.export_time)) if self.export_time else None


class Named(Struct):
    name: Text = ""


class Activity(Struct, rename="camel"):
    """One thing the user did. `time` is when it began.

    Its shape says what it was, since `title` is in the account's language: a watched video
    has the address of a video, a search that of its results, a visit that of a channel.
    """

    title: Name
    time: Moment
    header: Text = ""
    title_url: str | None = None
    subtitles: list[Named] = []
    details: list[Named] = []
    products: list[Text] = []

    @property
    def is_music(self) -> bool:
        return MUSIC in (self.header, *self.products)

    @property
    def video(self) -> str:
        return video_id(self.title_url)

    @property
    def is_ad(self) -> bool:
        return any(ADS in detail.name for detail in self.details)

    @property
    def is_removed(self) -> bool:
        """Whether the video has no title any more: its address stands in place of it."""
        return not self.title_url or self.title_url in self.title

    @property
    def skip(self) -> Skip | None:
        """Why it is no watched video; None where it has the shape of one."""
        if self.is_ad:
            return Skip.AD
        if self.video:
            return Skip.REMOVED if self.is_removed else None
        if not self.title_url:
            return Skip.REMOVED
        return _skip_of(self.title_url)

    def play(self, title: str) -> Play:
        channels = [one.name for one in self.subtitles[:1] if one.name.strip()]
        track = Track(
            track_id=self.video,
            title=title,
            artists=tuple(channels),
            url=f"https://www.youtube.com/watch?v={self.video}",
            image=f"https://i.ytimg.com/vi/{self.video}/mqdefault.jpg",
        )
        return Play("youtube", track, seconds(milliseconds(self.time)), Precision.EXACT)


jobs = Decoder(Job)
states = Decoder(State)
_archives = Decoder(list[Raw])
_records = Decoder(Activity)


def video_id(address: str | None) -> str:
    """The video of a watch page's address, or empty."""
    try:
        found = parse_qs(urlsplit(address or "").query).get("v", [""])[0]
    except ValueError:
        return ""
    return found if _VIDEO_ID.fullmatch(found) else ""


def read_archive(body: bytes, *, most_bytes: int) -> Read[Play]:
    """The plays of music in an archive, and its other records about music.

    Raises BadPayloadError where it is no archive, or longer than `most_bytes` when unpacked.
    """
    try:
        listed = list(chain.from_iterable(_activities(_unpacked(body, most_bytes))))
    except UNREADABLE:
        raise BadPayloadError("archive is not a JSON array") from None
    read = read_items(listed, _records)
    music = [record for record in read.items if record.is_music]
    watched = [record for record in music if record.skip is None]
    wording = wording_of(record.title for record in watched)
    plays, unknown = _plays(watched, wording)
    others = Counter(record.skip for record in music if record.skip)
    return Read(plays, read.skipped + Skipped(others) + unknown)


def _plays(watched: Iterable[Activity], wording: Wording) -> tuple[list[Play], Skipped]:
    """The plays, and the records whose words say that something else was done with the video."""
    plays = []
    left_out = NOTHING_SKIPPED
    for record in watched:
        title = wording.title_in(record.title)
        if title:
            plays.append(record.play(title))
        else:
            other = wording.is_other_activity(record.title)
            reason = Skip.OTHER_ACTIVITY if other else Skip.UNKNOWN
            left_out += Skipped.of(reason, shape=shape_of(to_builtins(record)))
    return plays, left_out


def _skip_of(address: str) -> Skip:
    """What a record is about whose `address` is that of no video."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return Skip.UNKNOWN
    if path.startswith(_SEARCH_PATHS):
        return Skip.SEARCH
    return Skip.OTHER_ACTIVITY if path.startswith(_VISITED_PATHS) else Skip.UNKNOWN


def moment(text: str) -> int | None:
    """The epoch seconds of a time as Google writes it, rounded up; None where it is none."""
    try:
        found = convert(text, Moment)
    except ValidationError:
        return None
    return -(-milliseconds(found) // 1000)


def rfc3339(moment: int) -> str:
    """Epoch seconds as Google writes times."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _activities(files: Sequence[bytes]) -> list[list[Raw]]:
    """The records of each file that is a list. Raises DecodeError where one is no JSON, or none is
    a list."""
    found = []
    for file in files:
        try:
            found.append(_archives.decode(file))
        except ValidationError:
            if file is files[-1] and not found:
                raise
    return found


def _unpacked(body: bytes, most_bytes: int) -> list[bytes]:
    """The JSON files of an archive, whatever they are called: names are in the account's language.

    Together they are at most `most_bytes` long; what is cut off there is no JSON any more.
    """
    if not body.startswith(_ZIP_START):
        return [body]
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = []
            for name in archive.namelist():
                if name.endswith(".json"):
                    with archive.open(name) as file:
                        files.append(file.read(most_bytes))
                    most_bytes -= len(files[-1])
    except _UNZIP_FAULTS:
        raise BadPayloadError("archive cannot be unpacked") from None
    if not files:
        raise BadPayloadError("archive holds no JSON file")
    return files
