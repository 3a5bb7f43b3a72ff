"""The timetable: scheduled crawls by slot, and the watermark and lease of each shard."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import msgspec
from pynamodb.expressions.condition import Condition

from topk.domain.crawl.load_shedding import Census, CrawlClass
from topk.domain.crawl.timetable import Cadence, Entry, Shard
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
                        **_attributes(entry.cadence),
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
                yield Entry(owner_key, provider, minute, shard, _cadence(row))

    def standing(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of `entries` that stand, as they were last written, in the order of their slots."""
        wanted = {(_slot(one.minute, one.shard), _name(one)): one for one in entries}
        with translated("read timetable"):
            found = [
                replace(
                    wanted[rows.text(row, "slot"), rows.text(row, "connection")],
                    cadence=_cadence(row),
                )
                for row in rows.get_many(TimetableModel, list(wanted))
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

    def lease(self, shard: int, holder: str, *, now: int, until: int) -> Shard:
        """Lease `shard` to `holder` until then (epoch seconds), and return it.

        Raises ConflictError while another holder's lease lasts.
        """
        row, model = TimetableModel(*_watermark(shard)), TimetableModel
        with translated("lease shard"):
            row.update(
                actions=[model.holder.set(holder), model.leased_until.set(until)],
                condition=model.holder.does_not_exist() | (model.leased_until <= now),
            )
        through = None if row.through is None else int(row.through)
        return Shard(shard, through, until, _decoded(row.census or ""))

    def advance(self, shard: int, holder: str, *, through: int, until: int, census: Census) -> None:
        """Move the watermark forward with its census, and renew the lease.

        Raises ConflictError if `holder` has lost the lease or the watermark is further.
        """
        model = TimetableModel
        with translated("move watermark"):
            model(*_watermark(shard)).update(
                actions=[
                    model.through.set(through),
                    model.leased_until.set(until),
                    model.census.set(_encoded(census)),
                ],
                condition=_held(holder, through),
            )

    def release(self, shard: int, holder: str, *, through: int | None, census: Census) -> None:
        """End the lease, and move the watermark if `through` is given. Raises as `advance`."""
        model = TimetableModel
        moved = []
        if through is not None:
            moved = [model.through.set(through), model.census.set(_encoded(census))]
        with translated("release shard"):
            model(*_watermark(shard)).update(
                actions=[
                    model.holder.remove(),
                    model.leased_until.remove(),
                    *moved,
                ],
                condition=_held(holder, through),
            )


def _watermark(shard: int) -> tuple[str, str]:
    return f"{_WATERMARK}#{shard}", _WATERMARK


def _shard(number: int, row: rows.Row) -> Shard:
    return Shard(
        number,
        rows.number(row, "through", None),
        rows.number(row, "leased_until", 0),
        _decoded(rows.text(row, "census")),
    )


def _attributes(cadence: Cadence) -> dict[str, Any]:
    """Most rows have one attribute, and a page of the table more rows."""
    return {
        "every_days": cadence.every_days,
        "per_day": cadence.per_day if cadence.per_day > 1 else None,
        "pulled_every": cadence.pulled_every if cadence.pulled_every > 1 else None,
        "followed": 1 if cadence.followed else None,
    }


def _cadence(row: rows.Row) -> Cadence:
    return Cadence(
        rows.number(row, "per_day", 1),
        rows.number(row, "every_days", 1),
        rows.number(row, "pulled_every", 1),
        bool(rows.number(row, "followed", 0)),
    )


def _encoded(census: Census) -> str:
    """[day, slots, [app, class, number, class, number, ...], ...]: below 1 KB for eight apps."""
    apps = [
        [app, *chain.from_iterable((_code(of), number) for of, number in counts.items())]
        for app, counts in census.counts.items()
    ]
    return msgspec.json.encode([census.day, census.slots, *apps]).decode()


def _decoded(text: str) -> Census:
    if not text:
        return Census()
    day, slots, *apps = msgspec.json.decode(text)
    counts = {
        app: {_class(code): number for code, number in zip(flat[::2], flat[1::2], strict=True)}
        for app, *flat in apps
    }
    return Census(day, slots, counts)


def _code(of: CrawlClass) -> int:
    return of.wait_days + 10 * of.followed + 100 * of.pulled_every


def _class(code: int) -> CrawlClass:
    return CrawlClass(code % 10, code // 10 % 10 > 0, code // 100)


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
