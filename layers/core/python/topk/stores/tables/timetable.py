"""The timetable: scheduled crawls by slot, and the watermark and lease of each shard."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pynamodb.expressions.condition import Condition

from topk.domain.crawl.timetable import Entry, Shard
from topk.stores.dynamodb import rows
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
            for row in rows.query(TimetableModel, _slot(minute, shard)):
                owner_key, _, provider = rows.text(row, "connection").rpartition("#")
                yield Entry(
                    owner_key,
                    provider,
                    minute,
                    shard,
                    rows.number(row, "every_days", 1),
                    rows.number(row, "anchor_day", 0),
                )

    def standing(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of `entries` that stand, as they were last written, in the order of their slots."""
        wanted = {(_slot(one.minute, one.shard), _name(one)): one for one in entries}
        with translated("read timetable"):
            found = [
                replace(
                    wanted[row.slot, row.connection],
                    every_days=int(row.every_days),
                    anchor_day=int(row.anchor_day),
                )
                for row in TimetableModel.batch_get(list(wanted))
            ]
        return sorted(found, key=lambda entry: entry.minute)

    def shards(self, count: int) -> list[Shard]:
        """The shards 0 to `count` - 1 as last written."""
        with translated("read watermarks"):
            found = {
                rows.text(row, "slot"): row
                for row in rows.get_many(TimetableModel, map(_watermark, range(count)))
            }
        return [_shard(number, found.get(_watermark(number)[0], {})) for number in range(count)]

    def lease(self, shard: int, holder: str, *, now: int, until: int) -> int | None:
        """Lease `shard` to `holder` until then (epoch seconds), and return its watermark.

        Raises ConflictError while another holder's lease lasts.
        """
        row, model = TimetableModel(*_watermark(shard)), TimetableModel
        with translated("lease shard"):
            row.update(
                actions=[model.holder.set(holder), model.leased_until.set(until)],
                condition=model.holder.does_not_exist() | (model.leased_until <= now),
            )
        return None if row.through is None else int(row.through)

    def advance(self, shard: int, holder: str, *, through: int, until: int) -> None:
        """Move the watermark forward and renew the lease.

        Raises ConflictError if `holder` has lost the lease or the watermark is further.
        """
        model = TimetableModel
        with translated("move watermark"):
            model(*_watermark(shard)).update(
                actions=[model.through.set(through), model.leased_until.set(until)],
                condition=_held(holder, through),
            )

    def release(self, shard: int, holder: str, *, through: int | None) -> None:
        """End the lease, and move the watermark if `through` is given. Raises as `advance`."""
        model = TimetableModel
        with translated("release shard"):
            model(*_watermark(shard)).update(
                actions=[
                    model.holder.remove(),
                    model.leased_until.remove(),
                    *([] if through is None else [model.through.set(through)]),
                ],
                condition=_held(holder, through),
            )


def _watermark(shard: int) -> tuple[str, str]:
    return f"{_WATERMARK}#{shard}", _WATERMARK


def _shard(number: int, row: rows.Row) -> Shard:
    return Shard(number, rows.number(row, "through", None), rows.number(row, "leased_until", 0))


def _held(holder: str, through: int | None) -> Condition:
    held: Condition = TimetableModel.holder == holder
    if through is None:
        return held
    mark = TimetableModel.through
    # Without a lease, the previous release of the function moves it as well.
    forward: Condition = held & (mark.does_not_exist() | (mark < through))
    return forward


def _slot(minute: int, shard: int) -> str:
    return f"{minute // 60:02}{minute % 60:02}#{shard}"


def _name(entry: Entry) -> str:
    return f"{entry.owner_key}#{entry.provider}"
