"""The tables of a study as text cells, for the command line and the report to render."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.capacity.cost import Cost
from simulator.capacity.report.answers import Answer
from simulator.capacity.report.source_design import Row
from simulator.capacity.study import Study


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: text in the first column, figures in the others."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def sheets(study: Study) -> list[Sheet]:
    reference = study.answers[0]
    return [
        _source(study),
        _providers(reference),
        _scenarios(study),
        *([_levers(study)] if _tight(study) else []),
        _costs(study),
        _sizes(study),
    ]


def number(value: float | None, unit: str = "") -> str:
    """Formats a figure, with decimals if it is small; None is a dash."""
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 or value == int(value) else 1
    return f"{value:,.{digits}f} {unit}".strip()


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds == float("inf"):
        return "never"
    if seconds < 600:
        return f"{seconds:.0f} s"
    return f"{seconds / 3600:.1f} h"


def share(value: float) -> str:
    return f"{100 * value:.1f}%"


def _source(study: Study) -> Sheet:
    return Sheet(
        "The source's arithmetic, reproduced, and our design",
        ("figure", "source", "reproduced", "ratio", "our design"),
        [
            (
                f"{row.what}, {row.unit}" if row.unit else row.what,
                number(row.source),
                number(row.ours),
                "–" if row.ratio is None else f"{row.ratio:.3f}",
                _beside(row, study),
            )
            for row in study.source
        ],
        "Reproduced: half an hour of 70M crawls a day through the queueing core under the source's "
        "assumptions; its margin (1.85) and its limits of a machine are taken over. Its dollars: "
        "machines, Redis with a replica, an item for each play. Ours: the "
        f"scenario {study.answers[0].name}; a worker is a Lambda environment with "
        f"{study.trace.inputs.batch} crawls in flight.",
    )


def _beside(row: Row, study: Study) -> str:
    found = _OURS.get(row.what)
    return found(study.answers[0], study) if found else ""


def _environments(one: Answer) -> float:
    return sum(provider.concurrency_mean for provider in one.providers)


def _calls(one: Answer) -> float:
    return sum(provider.calls_per_second for provider in one.providers)


_OURS: dict[str, Callable[[Answer, Study], str]] = {
    "crawls": lambda one, _: number(one.crawls_per_second),
    "calls": lambda one, _: number(_calls(one)),
    "calls to one provider": lambda one, _: (
        f"{number(min(each.calls_per_second for each in one.providers))} to "
        f"{number(max(each.calls_per_second for each in one.providers))}"
    ),
    "calls of a worker": lambda one, _: number(_calls(one) / _environments(one)),
    "crawls of a worker": lambda one, _: number(one.crawls_per_second / _environments(one)),
    "workers that are busy": lambda one, _: number(_environments(one)),
    "workers with margin": lambda one, _: (
        f"{sum(each.concurrency_peak for each in one.providers)} at the peak"
    ),
    "workers of one provider": lambda one, _: (
        f"{max(each.concurrency_peak for each in one.providers)} at the peak"
    ),
    "memory of a worker": lambda _, study: f"{study.trace.inputs.crawl_function_mb} configured",
    "machines": lambda *_: "0",
    "crawls that the queue handles": lambda *_: "SQS, no fixed size",
    "Redis memory, an hour's backlog": lambda *_: "none: SQS",
    "dollars a day": lambda _, study: _range(study.costs[0]),
}


def _providers(one: Answer) -> Sheet:
    return Sheet(
        f"Providers in the scenario {one.name}",
        (
            "provider",
            "calls/s",
            "batch",
            "environments mean",
            "peak",
            "memory at peak",
            "resident",
            "queue at peak",
            "wait p50",
            "wait p99",
        ),
        [
            (
                each.name,
                number(each.calls_per_second),
                f"{each.batch_seconds:.1f} s",
                number(each.concurrency_mean),
                str(each.concurrency_peak),
                number(each.memory_gb_peak, "GB"),
                number(each.resident_gb_peak, "GB"),
                f"{each.queue_peak:,}",
                duration(each.wait_p50),
                duration(each.wait_p99),
            )
            for each in one.providers
        ],
    )


def _scenarios(study: Study) -> Sheet:
    return Sheet(
        f"Scenarios, {study.trace.days} days",
        (
            "scenario",
            "crawls a day",
            "queue at peak",
            "crawled within 24 h",
            "worst hour",
            "age p50",
            "age p99",
            "caught up after",
            "$ a day",
        ),
        [
            (
                f"{one.name}: {one.says}",
                f"{one.crawls_done / 1e6:.1f}M",
                _millions(one.queue_peak),
                share(one.fresh),
                share(one.fresh_worst),
                duration(one.age_p50),
                duration(one.age_p99),
                duration(one.catch_up),
                _range(costs),
            )
            for one, costs in zip(study.answers, study.costs, strict=True)
        ],
        "Ages and the share within 24 h are those of the last day, over all connections. Dollars: "
        "DynamoDB provisioned to on demand.",
    )


def _millions(count: float) -> str:
    return f"{count / 1e6:.2f}M" if count >= 1e5 else f"{count:,.0f}"


def _range(costs: Cost) -> str:
    return f"{costs.provisioned:,.0f}–{costs.on_demand:,.0f}"


def _tight(study: Study) -> list[Answer]:
    return [one for one in study.answers if one.name.startswith(("short", "scarce", "quarter"))]


def _levers(study: Study) -> Sheet:
    return Sheet(
        "Spotify's budget is too small: crawled within 24 h on the last day, at Spotify",
        (
            "scenario",
            "followed",
            "usual",
            "heavy",
            "quiet",
            "weighted by views",
            "plays lost",
            "on view",
            "price",
            "queue at peak",
        ),
        [
            (
                f"{one.name}: {one.says}",
                *(share(fresh) for fresh in one.fresh_by_kind.values()),
                share(one.fresh_seen),
                share(one.plays_lost),
                share(one.on_view),
                f"{one.price:.1f}",
                _millions(one.queue_peak),
            )
            for one in _tight(study)
        ],
        "Quiet accounts bring no plays: crawled once a week, their list is right all the same. "
        "Plays lost: those that leave Spotify's 50-deep history. On view: the share of the crawls "
        "that a view asked for. Price: at 3, only crawls that lose no play are left out; at 9, all "
        "owners with few followers are crawled once a week.",
    )


def _costs(study: Study) -> Sheet:
    names = ("crawl_lambda", "aggregate_lambda", "push", "sqs", "storage")
    return Sheet(
        f"Dollars a day ({study.prices.region}, prices of {study.prices.dated})",
        (
            "scenario",
            "crawl",
            "aggregate",
            "push",
            "SQS",
            "storage",
            "DynamoDB on demand",
            "provisioned",
            "all on demand",
            "all provisioned",
        ),
        [
            (
                one.name,
                *(f"{costs.figures()[name]:.0f}" for name in names),
                f"{costs.dynamodb_on_demand:.0f}",
                f"{costs.dynamodb_provisioned:.0f}",
                f"{costs.on_demand:.0f}",
                f"{costs.provisioned:.0f}",
            )
            for one, costs in zip(study.answers, study.costs, strict=True)
        ],
        "Without reads of lists, logs, metrics, KMS and backups.",
    )


def _sizes(study: Study) -> Sheet:
    return Sheet(
        f"Memory of the crawl function, scenario {study.answers[0].name}",
        ("memory", "seconds of a batch", "environments busy", "$ a day"),
        [
            (
                f"{size.megabytes} MB",
                f"{size.batch_seconds:.1f}",
                number(size.environments),
                f"{size.usd_a_day:.0f}",
            )
            for size in study.sizes
        ],
        "A batch mostly waits for its provider, and waiting memory is paid for.",
    )
