"""Google's Data Portability API and the activity records that it exports.

Source: developers.google.com/data-portability and its schema reference for My Activity. An archive
is a JSON array of records, plain or as one or more files of a zip. Titles are written
in the account's language; only the English ones are read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder

from topk.domain.errors import BadPayloadError
from topk.domain.play import Play, Precision, Track
from topk.providers.http.answer import UNREADABLE, read_items
from topk.providers.http.units import Moment, Name, milliseconds, seconds

MUSIC = "YouTube Music"
WATCHED = "Watched "

_ZIP_START = b"PK\x03\x04"
_UNZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Job(Struct, rename="camel"):
    """The answer to an export that was begun."""

    archive_job_id: Name


class State(Struct, rename="camel"):
    """How far an export is: IN_PROGRESS, COMPLETE with signed addresses, FAILED or CANCELLED."""

    state: str
    urls: list[str] = []
    export_time: Moment | None = None

    @property
    def reaches(self) -> int | None:
        """The end of what was exported, in epoch seconds."""
        return seconds(milliseconds(self.export_time)) if self.export_time else None


class _Subtitle(Struct):
    name: Name


class _Record(Struct, rename="camel"):
    """One thing the user did. `time` is when it began."""

    title: Name
    time: Moment
    header: str = ""
    title_url: str | None = None
    subtitles: list[_Subtitle] = []
    products: list[str] = []

    @property
    def is_music_watched(self) -> bool:
        about_music = self.header == MUSIC or MUSIC in self.products
        return about_music and self.title.startswith(WATCHED)

    def play(self) -> Play | None:
        """None where the record does not name its video, title and artist (a deleted video)."""
        video = video_id(self.title_url)
        title = self.title.removeprefix(WATCHED)
        if not (video and self.subtitles) or title == self.title_url:
            return None
        track = Track(
            track_id=video,
            title=title,
            artists=(self.subtitles[0].name,),
            url=f"https://www.youtube.com/watch?v={video}",
            image=f"https://i.ytimg.com/vi/{video}/mqdefault.jpg",
        )
        return Play("youtube", track, seconds(milliseconds(self.time)), Precision.EXACT)


jobs = Decoder(Job)
states = Decoder(State)
_archives = Decoder(list[Raw])
_records = Decoder(_Record)


def video_id(address: str | None) -> str:
    """The video of a watch page's address, or empty."""
    try:
        found = parse_qs(urlsplit(address or "").query).get("v", [""])[0]
    except ValueError:
        return ""
    return found if _VIDEO_ID.fullmatch(found) else ""


def read_archive(body: bytes, *, most_bytes: int) -> tuple[list[Play], int]:
    """The plays of music in an archive, and how many records cannot be read.

    Raises BadPayloadError where it is no archive, or longer than `most_bytes` when unpacked.
    """
    try:
        listed = list(chain.from_iterable(_activities(_unpacked(body, most_bytes))))
    except UNREADABLE:
        raise BadPayloadError("archive is not a JSON array") from None
    readable, unreadable = read_items(listed, _records)
    found = [record.play() for record in readable if record.is_music_watched]
    plays = [play for play in found if play]
    return plays, unreadable + len(found) - len(plays)


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
