"""The histories in an upload: each file with its format, recognised by its content.

Names tell nothing: they are in the user's language, and users rename files.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, BinaryIO

from topk.domain.imports.reading import Fault, FileFaultError, Left, Record
from topk.domain.toplist.window import zone
from topk.providers.apple_music.history import DAILY_TRACKS, PLAY_ACTIVITY, artists_by_title
from topk.providers.histories.archive import Entry, Scratch, entries
from topk.providers.histories.csv_rows import rows
from topk.providers.histories.formats import Format, Surroundings, safely, shown
from topk.providers.histories.json_values import Malformed, values
from topk.providers.histories.text import pieces
from topk.providers.koito.history import KOITO
from topk.providers.lastfm.history import (
    LASTFM_CSV,
    LASTFM_JSON,
    LASTFM_PLAIN_CSV,
    LASTFMSTATS_JSON,
)
from topk.providers.listenbrainz.history import LISTENBRAINZ
from topk.providers.maloja.history import MALOJA
from topk.providers.spotify.history import SPOTIFY_ACCOUNT, SPOTIFY_EXTENDED
from topk.providers.youtube.takeout import TAKEOUT_JSON
from topk.providers.youtube.takeout_html import TAKEOUT_HTML, cells

Framing = Callable[[Iterator[str]], Iterator[Any]]

_JSON: tuple[Framing, tuple[Format, ...]] = (
    values,
    (
        SPOTIFY_EXTENDED,
        SPOTIFY_ACCOUNT,
        TAKEOUT_JSON,
        LISTENBRAINZ,
        MALOJA,
        KOITO,
        LASTFM_JSON,
        LASTFMSTATS_JSON,
    ),
)
_HTML: tuple[Framing, tuple[Format, ...]] = (cells, (TAKEOUT_HTML,))
_CSV: tuple[Framing, tuple[Format, ...]] = (
    rows,
    (PLAY_ACTIVITY, DAILY_TRACKS, LASTFM_CSV, LASTFM_PLAIN_CSV),
)
_SAMPLE = 200
"""Records by which a format, its language and its wording are recognised."""
_MOST_FAULTS = 50
"""Files of an archive that are listed although they cannot be opened."""


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """One file of an upload. One with a `fault` has no records."""

    entry: Entry
    chosen: Format | None = None
    fault: Fault | None = None
    surroundings: Surroundings = field(default_factory=Surroundings)

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def format(self) -> str:
        return self.chosen.name if self.chosen else ""

    def records(self) -> Iterator[Record]:
        """Raises FileFaultError where nothing more can be read."""
        if self.chosen is None:
            raise FileFaultError(self.fault or Fault.UNKNOWN)
        found = raw_records(self.entry, self.chosen)
        sample, fault = _sampled(found)
        read = self.chosen.reader(sample, self.surroundings)
        for value in sample[1:] if self.chosen.has_header else sample:
            yield _record(read, value)
        if fault is not None:
            raise FileFaultError(fault)
        for value in found:
            yield _record(read, value)


class UploadedHistories:
    """Finds the histories in uploads."""

    @contextmanager
    def open(self, file: BinaryIO, *, time_zone: str) -> Iterator[Sequence[HistoryFile]]:
        """The histories, and the files that could not be opened.

        `time_zone` is the user's, for times that name none. Raises FileFaultError if there is no
        history at all.
        """
        with Scratch() as scratch:
            recognised = [_recognised(entry) for entry in entries(file, scratch)]
            histories = [one for one in recognised if one.chosen]
            faults = [one for one in recognised if one.fault not in (None, Fault.UNKNOWN)]
            if not histories:
                first = (one.fault for one in (*faults, *recognised) if one.fault)
                raise FileFaultError(next(first, Fault.UNKNOWN))
            around = _surroundings(histories, time_zone)
            listed = (*histories, *faults[:_MOST_FAULTS])
            yield [replace(one, surroundings=around) for one in listed]


def raw_records(entry: Entry, chosen: Format) -> Iterator[Any]:
    """The records of a file before they are read, its header included."""
    framing, _ = _kind(entry)
    found = framing(pieces(entry.open()))
    if chosen.expand is None:
        return found
    return (record for value in found for record in chosen.expand(value))


def _record(read: Callable[[Any], Record], value: Any) -> Record:
    if isinstance(value, Malformed):
        return Record(left=Left.MALFORMED, shown=shown(str(value)))
    return safely(read, value)


def _recognised(entry: Entry) -> HistoryFile:
    if entry.fault is not None:
        return HistoryFile(entry, fault=entry.fault)
    try:
        framing, formats = _kind(entry)
        sample, fault = _sampled(framing(pieces(entry.open())))
    except FileFaultError as error:
        return HistoryFile(entry, fault=error.fault)
    usable = [one for one in sample if not isinstance(one, Malformed)]
    chosen = next((one for one in formats if usable and one.fits(usable)), None)
    if chosen is not None:
        return HistoryFile(entry, chosen)
    return HistoryFile(entry, fault=fault or Fault.UNKNOWN)


def _kind(entry: Entry) -> tuple[Framing, tuple[Format, ...]]:
    """How the records of a file are framed, by its first character."""
    begin = next(pieces(entry.open()), "").lstrip()[:1]
    if not begin:
        raise FileFaultError(Fault.EMPTY)
    return _JSON if begin in "[{" else _HTML if begin == "<" else _CSV


def _sampled(found: Iterator[Any]) -> tuple[list[Any], Fault | None]:
    """The first records, and why there are no more."""
    sample: list[Any] = []
    try:
        for value in islice(found, _SAMPLE):
            sample.append(value)  # noqa: PERF402 - those before a fault are kept
    except FileFaultError as error:
        return sample, error.fault
    return sample, None


def _surroundings(histories: Sequence[HistoryFile], time_zone: str) -> Surroundings:
    """Apple names artists in one file and lists plays in another."""
    around = Surroundings(zone(time_zone))
    formats = {one.chosen for one in histories}
    around.has_every_play = PLAY_ACTIVITY in formats
    if around.has_every_play:
        for one in histories:
            if one.chosen is DAILY_TRACKS:
                with suppress(FileFaultError):
                    artists_by_title(raw_records(one.entry, DAILY_TRACKS), around.artists)
    return around
