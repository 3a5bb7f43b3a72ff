"""The timetable: scheduled crawls by slot, and the watermark of each shard."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from topk.domain.crawl.timetable import Entry
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TimetableModel

_WATERMARK = "watermark"


class Timetable:
    """Raises StoreError if the table fails."""

    def add(self, entries: Iterable[Entry]) -> None:
        with translated("write timetable"), TimetableModel.batch_write() as batch:
            for entry in entries:
                batch.save(
                    TimetableModel(
                        _slot(entry.minute, entry.shard),
                        _name(entry),
                        every_days=entry.every_days,
                        anchor_day=entry.anchor_day,
                    )
                )

    def remove(self, entries: Iterable[Entry]) -> None:
        with translated("write timetable"), TimetableModel.batch_write() as batch:
            for entry in entries:
                batch.delete(TimetableModel(_slot(entry.minute, entry.shard), _name(entry)))

    def in_slot(self, minute: int, shard: int) -> Iterator[Entry]:
        """The entries of one slot and shard, page by page."""
        with translated("read timetable"):
            for row in TimetableModel.query(_slot(minute, shard)):
                owner_key, _, provider = row.connection.rpartition("#")
                yield Entry(
                    owner_key, provider, minute, shard, int(row.every_days), int(row.anchor_day)
                )

    def standing(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of `entries` that stand, as they were last written, in the order of their slots."""
        wanted = {(_slot(one.minute, one.shard), _name(one)): one for one in entries}
        with translated("read timetable"):
            rows = TimetableModel.batch_get(list(wanted))
            found = [
                replace(
                    wanted[row.slot, row.connection],
                    every_days=int(row.every_days),
                    anchor_day=int(row.anchor_day),
                )
                for row in rows
            ]
        return sorted(found, key=lambda entry: entry.minute)

    def watermark(self, shard: int) -> int | None:
        """Through when (epoch seconds) `shard` was dispatched; None before the first time."""
        with translated("read watermark"):
            try:
                row = TimetableModel.get(f"{_WATERMARK}#{shard}", _WATERMARK, consistent_read=True)
            except TimetableModel.DoesNotExist:
                return None
            return int(row.through)

    def advance(self, shard: int, through: int) -> None:
        """Moves the watermark of `shard` forward, never back."""
        mark = TimetableModel.through
        with translated("move watermark"):
            TimetableModel(f"{_WATERMARK}#{shard}", _WATERMARK).update(
                actions=[mark.set(through)], condition=mark.does_not_exist() | (mark < through)
            )


def _slot(minute: int, shard: int) -> str:
    return f"{minute // 60:02}{minute % 60:02}#{shard}"


def _name(entry: Entry) -> str:
    return f"{entry.owner_key}#{entry.provider}"
