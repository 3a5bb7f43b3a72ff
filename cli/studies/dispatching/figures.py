"""What a run of `topk dispatch` found: its file, and the rows of the table made from that."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infra_cdk.config import Deployment

if TYPE_CHECKING:
    from cli.studies.dispatching.run import Found

COLUMNS = (
    "missed",
    "a send takes",
    "rows",
    "queued after",
    "providers need",
    "times each row was queued",
    "ticks at once",
)


def figures(
    found: Sequence["Found"], declared: Deployment, *, rows_per_second: float
) -> Mapping[str, Any]:
    """out/dispatch.json."""
    crawls = crawls_per_second(declared)
    return {
        "rows_per_second": rows_per_second,
        "crawls_per_second": crawls,
        "runs": [asdict(one) | {"providers_need_seconds": one.rows / crawls} for one in found],
    }


def crawls_per_second(declared: Deployment) -> float:
    """What the budgets of the three large providers allow."""
    budgets = [declared.budget(name) for name in ("spotify", "apple_music", "youtube")]
    return sum(one.requests_per_second / one.requests_per_crawl for one in budgets)


def rows(found: Mapping[str, Any]) -> list[Sequence[str]]:
    """The table, from out/dispatch.json."""
    return [
        (
            f"{one['missed_minutes']} min",
            f"{one['send_ms']:.0f} ms",
            f"{one['rows']:,}",
            f"{one['caught_up_seconds']:,.0f} s",
            f"{one['providers_need_seconds']:,.0f} s",
            "–".join(map(str, sorted(set(one["queued"])))),
            f"{one['ticks_at_once']}",
        )
        for one in found["runs"]
    ]
