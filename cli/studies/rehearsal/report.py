"""Tables of a rehearsal."""

from collections.abc import Iterable, Mapping

from rich.table import Table

from cli.studies.rehearsal.half_made import Removal
from cli.studies.rehearsal.updates import Updated


def removals(found: Iterable[Removal], title: str) -> Table:
    table = Table("state", "stacks before", "reached", "left", "kept", "lost", title=title)
    for one in found:
        table.add_row(
            one.state,
            _statuses(one.stacks),
            "yes" if one.reached else "no",
            "\n".join(one.left) or "nothing",
            f"{one.kept}",
            "\n".join(one.lost) or "nothing",
        )
    return table


def updates(found: Iterable[Updated]) -> Table:
    table = Table(
        "update", "stacks", "took effect", "taken back", "data lost", title="Updates, one by one"
    )
    for one in found:
        table.add_row(
            one.update,
            _statuses(one.statuses),
            "yes" if one.reached else "no",
            _statuses(one.taken_back),
            "\n".join(one.lost) or "nothing",
        )
    return table


def _statuses(stacks: Mapping[str, str]) -> str:
    """A line for each status: the last words of the names of the stacks that have it."""
    lines = []
    for status in dict.fromkeys(stacks.values()):
        names = [name.rpartition("-")[2] for name, one in stacks.items() if one == status]
        lines.append(f"{', '.join(names)}: {status}")
    return "\n".join(lines)
