"""The consumption of one crawl, one list and one read, from a run's meter readings."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulator.metering.meter import Line, Used

CRAWL, AGGREGATE, DISPATCH, READ = "crawl", "aggregate", "dispatch", "read"
PLAYS, LISTS = "plays", "top_lists"


@dataclass(frozen=True, slots=True)
class Worked:
    """The work of a run. By provider: crawls that fell `due`, `deliveries` of their messages (an
    export takes several), and `chunks` with their number of `plays`."""

    due: Mapping[str, int]
    deliveries: Mapping[str, int]
    chunks: Mapping[str, int]
    plays: Mapping[str, int]
    log_bytes: Mapping[str, int]
    invocations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CrawlCost:
    """Mean consumption of one due crawl at a provider.

    `chunk` is the write units of its plays, for crawls with plays. `checkpoint` is those of
    everything else, for all crawls: the connection, and shares of the budget row, the timetable
    rows and the dispatcher's watermark.
    """

    chunk: float
    checkpoint: float
    read: float
    deliveries: float
    plays: float
    log_bytes: float

    @property
    def usual(self) -> float:
        """Write units of a crawl with plays."""
        return self.chunk + self.checkpoint


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """`list_write` is per changed list, `list_read` per rebuilt list; `sqs` is requests per due
    crawl; `reads` are read units by kind of request."""

    crawls: Mapping[str, CrawlCost]
    crawl: CrawlCost
    list_write: float
    list_read: float
    sqs: float
    kms: float
    reads: Mapping[str, float]

    def figures(self) -> dict[str, Any]:
        return {
            "crawl": {
                "write_units": round(self.crawl.usual, 3),
                "empty_write_units": round(self.crawl.checkpoint, 3),
                "read_units": round(self.crawl.read, 3),
                "by_provider": {
                    name: asdict(one) | {"usual": one.usual} for name, one in self.crawls.items()
                },
            },
            "aggregate": {
                "write_units": round(self.list_write, 3),
                "read_units": round(self.list_read, 3),
            },
            "read": {kind: round(units, 3) for kind, units in self.reads.items()},
            "sqs_requests_per_crawl": round(self.sqs, 3),
            "kms_requests_per_crawl": round(self.kms, 6),
        }


def unit_costs(used: Mapping[Line, Used], worked: Worked) -> UnitCosts:
    names = sorted(worked.due)
    due = sum(worked.due.values())
    shared = _sum(used, DISPATCH)
    lists = _sum(used, AGGREGATE, operation="PutItem", table=LISTS)
    made = _sum(used, AGGREGATE, operation="BatchGetItem", table=LISTS)
    sqs = sum(one.requests for line, one in used.items() if line.service == "sqs")
    received = sum(worked.deliveries.values())
    kms = sum(one.requests for line, one in used.items() if line.service == "kms")
    return UnitCosts(
        crawls={name: _crawl(used, worked, [name], shared) for name in names},
        crawl=_crawl(used, worked, names, shared),
        list_write=lists.write / max(1, lists.items),
        list_read=_sum(used, AGGREGATE).read / max(1, made.items),
        # Per delivery a tenth of a receive and of a delete: ten messages per request.
        sqs=(sqs + received / 10 * 2) / due,
        kms=kms / due,
        reads={
            kind: _sum(used, f"{READ} {kind}").read / count
            for name, count in worked.invocations.items()
            if name.startswith(READ) and (kind := name.partition(" ")[2])
        },
    )


def _crawl(
    used: Mapping[Line, Used], worked: Worked, names: Iterable[str], dispatch: Used
) -> CrawlCost:
    names = list(names)
    due = sum(worked.due[name] for name in names)
    of_dispatch = due / sum(worked.due.values())
    functions = [f"{CRAWL} {name}" for name in names]
    chunks = sum(worked.chunks.get(name, 0) for name in names)
    plays = sum(worked.plays.get(name, 0) for name in names)
    chunk = sum(_sum(used, function, table=PLAYS).write for function in functions)
    every = sum(_sum(used, function).write for function in functions)
    read = sum(_sum(used, function).read for function in functions)
    return CrawlCost(
        chunk=chunk / max(1, chunks),
        checkpoint=(every - chunk + dispatch.write * of_dispatch) / due,
        read=(read + dispatch.read * of_dispatch) / due,
        deliveries=sum(worked.deliveries.get(name, 0) for name in names) / due,
        plays=plays / max(1, chunks),
        log_bytes=sum(worked.log_bytes.get(function, 0) for function in functions) / due,
    )


def _sum(used: Mapping[Line, Used], function: str, *, operation: str = "", table: str = "") -> Used:
    found = Used()
    for line, one in used.items():
        if (
            line.function == function
            and line.service == "dynamodb"
            and operation in {"", line.operation}
            and table in {"", line.resource}
        ):
            found.add(one)
    return found
