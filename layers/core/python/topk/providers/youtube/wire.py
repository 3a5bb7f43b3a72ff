"""Google's Data Portability API and the activity records that it exports.

Source: developers.google.com/data-portability and its schema reference for My Activity. An archive
is a JSON array of records, plain or in a zip that holds it as MyActivity.json. Titles are written
in the account's language; only the English ones are read.
"""

import io
import re
import zipfile
import zlib
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from msgspec import Raw, Struct
from msgspec.json import Decoder

from topk.domain.errors import BadPayloadError
from topk.domain.play import Play, Precision, Track
from topk.providers.http.answer import UNREADABLE, read_items
from topk.providers.http.units import Moment, Name, milliseconds, seconds

MUSIC = "YouTube Music"
WATCHED = "Watched "
ARCHIVE_FILE = "MyActivity.json"

_ZIP_START = b"PK\x03\x04"
_UNZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    StopIteration,
)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Job(Struct, rename="camel"):
    """The answer to an export that was begun."""

    archive_job_id: Name


class State(Struct):
    """How far an export is: IN_PROGRESS, COMPLETE with signed addresses, FAILED or CANCELLED."""

    state: str
    urls: list[str] = []


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
        listed = _archives.decode(_unpacked(body, most_bytes))
    except UNREADABLE:
        raise BadPayloadError("archive is not a JSON array") from None
    readable, unreadable = read_items(listed, _records)
    found = [record.play() for record in readable if record.is_music_watched]
    plays = [play for play in found if play]
    return plays, unreadable + len(found) - len(plays)


def rfc3339(moment: int) -> str:
    """Epoch seconds as Google writes times."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    """The JSON of an archive; what is cut off at `most_bytes` is none any more."""
    if not body.startswith(_ZIP_START):
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            name = next(n for n in archive.namelist() if n.rsplit("/", 1)[-1] == ARCHIVE_FILE)
            with archive.open(name) as file:
                return file.read(most_bytes)
    except _UNZIP_FAULTS:
        raise BadPayloadError("archive cannot be unpacked") from None
