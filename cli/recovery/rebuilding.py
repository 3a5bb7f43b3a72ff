"""Rebuilds all lists of a deployment from its plays, page by page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.recovery.position import Position
from cli.recovery.rebuild_lists import Rebuild, Rebuilt, rebuild_all
from topk.domain.owner import Owner
from topk.stores.tables.play_owners import PlayOwners

ROWS = 1000
AT_ONCE = 8


@dataclass
class Tally:
    owners: int = 0
    changed: int = 0
    failed: list[Rebuilt] = field(default_factory=list)

    def add(self, one: Rebuilt) -> None:
        self.owners += 1
        self.changed += one.changed
        if one.failed:
            self.failed.append(one)


def rebuild_everyone(
    owners: PlayOwners,
    rebuild: Rebuild,
    *,
    position: Position,
    passed: Callable[[int], None],
    rows: int = ROWS,
) -> Tally:
    """Rebuilds every owner's list, from `position` on. Calls `passed` with the chunks processed.

    The position moves after each page, so an interruption repeats a page but skips none.
    """
    tally = Tally()
    after: Mapping[str, Any] | None = position.read()
    last: Owner | None = None
    while True:
        page, after = owners.page(after, rows=rows)
        for one in rebuild_all(
            [owner for owner in page if owner != last], rebuild, at_once=AT_ONCE
        ):
            tally.add(one)
        passed(sum(page.values()))
        if after is None:
            position.clear()
            return tally
        last = next(reversed(page), last)
        position.write(dict(after))
