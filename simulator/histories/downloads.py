"""A download of one format, with what should become of each of its records."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.histories.fates import Fate, Written
from simulator.histories.listening import Played, listening
from simulator.histories.writer import Writer
from simulator.listeners.dice import Dice

_ODD_SHARE = 0.02
"""Of records that are no songs, of unreadable ones, and of repeated ones each."""
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Download:
    """The `content` of a zip, and the truth: how many records of each fate, and the plays that
    have to be stored.
    """

    writer: Writer
    content: bytes
    fates: Counter[Fate]
    plays: Sequence[Played]


def download(
    writer: Writer, records: int, *, until: int, kept_days: int, seed: int = 1
) -> Download:
    """A history of `records` songs that ends at `until` (epoch seconds), and oddities between."""
    plays = list(listening(records, until=until, seed=seed))
    written = _ordered(writer, plays, until - kept_days * _DAY, seed)
    text = writer.before + writer.between.join(one.text for one in written) + writer.after
    fates = Counter(one.fate for one in written)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("README.txt", "About this download")
        archive.writestr(writer.file_name, text.encode(writer.encoding))
        for name, beside in writer.beside.items():
            content = beside(plays)
            fates[Fate.NOT_A_SONG] += content.count("\r\n") - 1
            archive.writestr(name, content.encode())
    stored = [one.played for one in written if one.fate is Fate.NEW and one.played]
    return Download(writer, packed.getvalue(), fates, stored)


def records_of(writer: Writer, records: int, *, until: int, kept_days: int) -> list[str]:
    """The texts of the records alone, of which a file of any size can be made."""
    plays = list(listening(records, until=until, seed=1))
    return [one.text for one in _ordered(writer, plays, until - kept_days * _DAY, 1)]


def _ordered(writer: Writer, plays: Sequence[Played], oldest: int, seed: int) -> list[Written]:
    written = list(_written(writer, plays, oldest, Dice("download", seed)))
    return written[::-1] if writer.newest_first else written


def _written(writer: Writer, plays: Sequence[Played], oldest: int, dice: Dice) -> Iterator[Written]:
    for played in plays:
        one = Written(writer.song(played), _fate(writer, played, oldest), played)
        yield one
        if dice.chance(_ODD_SHARE):
            again = Fate.KNOWN if one.fate is Fate.NEW else one.fate
            yield Written(one.text, again)
        if writer.not_songs and dice.chance(_ODD_SHARE):
            yield Written(dice.pick(writer.not_songs), Fate.NOT_A_SONG)
        if dice.chance(_ODD_SHARE):
            yield Written(dice.pick(writer.unreadable), Fate.UNREADABLE)


def _fate(writer: Writer, played: Played, oldest: int) -> Fate:
    if not writer.counts(played):
        return Fate.TOO_SHORT
    return Fate.OUTSIDE if writer.stamp(played) < oldest else Fate.NEW
