"""What a record of a listening history says."""

from enum import StrEnum
from typing import NamedTuple

from topk.domain.play import Play


class Left(StrEnum):
    """Why a record is not stored as a play. The set is closed: receipts are counted by it."""

    TOO_SHORT = "too_short"
    """Played too briefly, or skipped, by the rule of what counts as a play."""
    OUTSIDE = "outside_window"
    """Older than the longest window."""
    KNOWN = "known"
    """Stored before, or recorded twice in the file."""

    PODCAST = "podcast"
    AUDIOBOOK = "audiobook"
    VIDEO = "video"
    """A video that is not marked as music."""
    SEARCH = "search"
    AD = "ad"
    ACTIVITY = "activity"
    """Something other than playing: a channel that was opened, a song that was liked."""
    SUMMARY = "summary"
    """A day's total of plays that another file of the import lists one by one."""

    MALFORMED = "malformed"
    """Not of the format's shape."""
    TITLE = "title"
    """No title, or one that is too long."""
    ARTIST = "artist"
    """No artist, where the format should name one."""
    TIME = "time"
    """No time, an unreadable one, or one in the future."""
    TEXT = "text"
    """Text that is damaged: half of an emoji, or bytes that are not of the file's encoding."""
    DELETED = "deleted"
    """A title that the source no longer names."""


NOT_SONGS = (
    Left.PODCAST,
    Left.AUDIOBOOK,
    Left.VIDEO,
    Left.SEARCH,
    Left.AD,
    Left.ACTIVITY,
    Left.SUMMARY,
)
UNREADABLE = (Left.MALFORMED, Left.TITLE, Left.ARTIST, Left.TIME, Left.TEXT, Left.DELETED)


class Record(NamedTuple):
    """One record of a file: its plays, or why it has none.

    A record has several plays where the source counts them by day. `played` is how many seconds of
    the song the user listened to, None if the source does not report it; `skipped` is the source's
    mark of a skipped song. `shown` describes the record to its owner.
    """

    plays: tuple[Play, ...] = ()
    played: float | None = None
    skipped: bool = False
    left: Left | None = None
    shown: str = ""


class Fault(StrEnum):
    """Why a file, or the rest of it, could not be read."""

    UNKNOWN = "unknown_format"
    """No format that is known, whatever the name of the file says."""
    EMPTY = "empty"
    CUT = "cut_off"
    """The file ends in the middle of a record."""
    DAMAGED = "damaged"
    """The archive, or a file of it, fails its checks."""
    ENCRYPTED = "encrypted"
    ARCHIVE = "unsupported_archive"
    """An archive or a compression other than zip's usual ones."""
    TOO_LARGE = "too_large"
    """It unpacks to more than is read, or has one record that is larger than any real one."""
    TOO_MANY = "too_many_files"
    NESTED = "nested_too_deeply"
    MISSING = "not_uploaded"
    """No file was uploaded to the link, or it has expired."""
    CHANGED = "changed"
    """The file was uploaded again while it was read."""
    GIVEN_UP = "given_up"
    """Reading it failed again and again."""


class FileFaultError(Exception):
    """Nothing more can be read of a file."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
