"""Import one generated history, and compare the receipt and the list with the truth."""

import io
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from cli.studies.imports.memory_stores import (
    NoProfiles,
    OneImport,
    OneUpload,
    Queued,
    StoredPlays,
)
from simulator.histories.downloads import Download
from simulator.histories.fates import Fate
from topk.domain.imports.history_import import HistoryImport, ImportJob, Status
from topk.domain.imports.reading import Left
from topk.domain.imports.receipt import Receipt
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.window import LONGEST_DAYS, Window
from topk.providers.histories.uploaded import UploadedHistories
from topk.usecases.importing.read_history import ReadPorts, read_history
from topk.usecases.lists.build_list import build_list
from topk.usecases.ports import Profiles

NOON = 1_795_348_800
KEPT_DAYS = LONGEST_DAYS
RETENTION_DAYS = 35
WINDOW = Window.current(NOON)
BLOCKS = 400
"""Read by an invocation, about as many as there is time for."""
_OWNER = Owner("harbor", "listener")
_JOB = ImportJob(_OWNER, "drill")


@dataclass(frozen=True, slots=True)
class Result:
    """What an import of a format gave."""

    format: str
    records: int
    adds_up: bool
    receipt_exact: bool
    list_exact: bool
    repeat_adds: int
    """Records that a second import of the same file added."""

    @property
    def holds(self) -> bool:
        return self.adds_up and self.receipt_exact and self.list_exact and not self.repeat_adds


def imported(file: BinaryIO, plays: StoredPlays) -> Receipt:
    """The receipt of an import of `file`, of which each invocation reads BLOCKS."""
    started = HistoryImport(
        _OWNER, "drill", "history.zip", NOON, status=Status.QUEUED, started_at=NOON
    )
    one = OneImport(started)
    ports = ReadPorts(
        imports=one,
        uploads=OneUpload(file),
        histories=UploadedHistories(),
        plays=plays,
        profiles=cast(Profiles, NoProfiles()),
        queue=Queued(),
        retention_days=RETENTION_DAYS,
    )
    while not one.row.is_finished:
        read_history(_JOB, ports, time_left=partial(next, iter([True] * BLOCKS), False), now=NOON)
    return one.row.receipt


def compare(given: Download) -> Result:
    plays = StoredPlays()
    receipt = imported(io.BytesIO(given.content), plays)
    again = imported(io.BytesIO(given.content), plays)
    return Result(
        format=given.writer.name,
        records=receipt.read,
        adds_up=receipt.adds_up and receipt.read == given.fates.total(),
        receipt_exact=fates_of(receipt) == +given.fates,
        list_exact=is_exact(listed_songs(plays), given),
        repeat_adds=again.new,
    )


def fates_of(receipt: Receipt) -> Counter[Fate]:
    return +Counter(
        {
            Fate.NEW: receipt.new,
            Fate.KNOWN: receipt.left.get(Left.KNOWN, 0),
            Fate.TOO_SHORT: receipt.left.get(Left.TOO_SHORT, 0),
            Fate.OUTSIDE: receipt.left.get(Left.OUTSIDE, 0),
            Fate.NOT_A_SONG: receipt.not_songs,
            Fate.UNREADABLE: receipt.unreadable,
        }
    )


def expected_songs(given: Download, number: int) -> list[tuple[str, int]]:
    within = (one for one in given.plays if given.writer.stamp(one) in WINDOW)
    return _leading(Counter(one.title for one in within), number)


def listed_songs(plays: StoredPlays) -> dict[str, int]:
    """The top songs as the product builds the list, with their plays."""
    found = build_list(_OWNER, WINDOW, plays=plays, connected=(), hidden=Hidden(), stored=None)
    return {one.title: one.listen_count for one in found.songs}


def is_exact(listed: dict[str, int], given: Download) -> bool:
    expected = expected_songs(given, len(listed))
    return bool(listed) and _leading(Counter(listed), len(listed)) == expected


def _leading(counted: Counter[str], number: int) -> list[tuple[str, int]]:
    """Songs and their plays, without the last ones, whose order is a matter of titles."""
    leading = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:number]
    return [one for one in leading if one[1] > leading[-1][1]]
