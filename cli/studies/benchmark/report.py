"""The results of the benchmarks: figures for `topk capacity` and a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `naive` are in `unit`; `target` is a limit on ours."""

    what: str
    unit: str
    ours: float
    target: float | None = None
    naive: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the naive one."""
        if not self.naive or not self.ours:
            return None
        return self.ours / self.naive if self.more_is_better else self.naive / self.ours

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.ours >= self.target if self.more_is_better else self.ours <= self.target


def figures(found: Found) -> dict[str, Any]:
    """out/bench.json: plain numbers under the names that simulator/capacity/inputs.json expects,
    and all measurements with their spread under `measured`.
    """
    crawl, usual = found["crawl-50"], found["aggregate-30"]
    return {
        "crawl": {
            "cpu_ms": crawl["cpu_ms"]["median"],
            "resident_mb": crawl["resident_mb"],
            "write_units": crawl["write_units"],
            "usual_write_units": crawl["usual_write_units"],
            "empty_write_units": crawl["empty_write_units"],
            "read_units": crawl["read_units"],
        },
        "aggregate": {
            "cpu_ms": usual["cpu_ms"]["median"],
            "write_units": usual["write_units"],
            "read_units": usual["read_units"],
        },
        "read": {
            "cpu_ms": found["read"]["cpu_ms"]["median"],
            "feed_cpu_ms": found["read"]["feed_cpu_ms"]["median"],
            "read_units": found["read"]["read_units"],
        },
        "dispatch": {"rows_per_second": found["dispatch"]["rows_per_second"]},
        "ingest": {
            "cpu_ms": found["ingest"]["cpu_ms"]["median"],
            "write_units": found["ingest"]["write_units"],
        },
        "scrobble": {
            "cpu_ms": found["scrobble"]["cpu_ms"]["median"],
            "single_cpu_ms": found["scrobble"]["single_cpu_ms"]["median"],
            "write_units": found["scrobble"]["write_units"],
            "single_write_units": found["scrobble"]["single_write_units"],
            "single_read_units": found["scrobble"]["single_read_units"],
        },
        "import_ms": {name: sample["median"] for name, sample in found["imports"].items()},
        "naive": {
            "crawl_cpu_ms": found["naive-50"]["cpu_ms"]["median"],
            "crawl_write_units": found["naive-50"]["write_units"],
            "resident_mb": found["naive-50"]["resident_mb"],
            "list_cpu_ms": found["naive-50"]["list_cpu_ms"]["median"],
            "dispatch_rows_per_second": _naive_rows(found),
        },
        "measured": found,
    }


def rows(found: Found) -> Iterator[Row]:
    """The table, line by line."""
    yield from _crawls(found)
    yield from _lists(found)
    yield Row(
        "dispatch",
        "rows/s",
        found["dispatch"]["rows_per_second"],
        10_000,
        _naive_rows(found),
        more_is_better=True,
    )
    yield Row("ingest, one listen of 100", "ms", found["ingest"]["cpu_ms"]["median"])
    yield from _scrobbles(found["scrobble"])
    yield from _imports(found)


def _scrobbles(of_pushes: Found) -> Iterator[Row]:
    """Pushes of players: calls of 100 listens, and of a single one."""
    yield Row("scrobble, one listen of 100", "ms", of_pushes["cpu_ms"]["median"], 0.3)
    yield Row("write units of 100 scrobbles, for a KB", "units", of_pushes["write_units_per_kb"], 1)
    yield Row("single scrobble", "ms", of_pushes["single_cpu_ms"]["median"])
    yield Row("write units of a single scrobble", "units", of_pushes["single_write_units"])


def _crawls(found: Found) -> Iterator[Row]:
    for at_once in (20, 50):
        ours, naive = found[f"crawl-{at_once}"], found[f"naive-{at_once}"]
        flight = f"{at_once} in flight"
        yield Row(f"crawl, {flight}", "ms", *_medians(ours, naive, "cpu_ms", 4))
        yield Row(f"first crawl, {flight}", "ms", *_medians(ours, naive, "first_cpu_ms", 4))
        yield Row(
            f"resident memory, {flight}", "MB", ours["resident_mb"], 100, naive["resident_mb"]
        )
    yield Row("crawl that finds nothing", "ms", ours["empty_cpu_ms"]["median"])
    yield Row("write units of a crawl, median", "units", ours["usual_write_units"], 2)
    yield Row(
        "write units of a crawl, mean", "units", ours["write_units"], None, naive["write_units"]
    )
    yield Row("write units, nothing played", "units", ours["empty_write_units"])


def _lists(found: Found) -> Iterator[Row]:
    for per_day, most in ((30, 2.0), (200, None), (3000, None)):
        of_kind = found[f"aggregate-{per_day}"]
        what = f"list of {per_day} plays a day"
        yield Row(f"{what}, rebuilt", "ms", of_kind["cpu_ms"]["median"], most)
        yield Row(f"{what}, no title known", "ms", of_kind["unknown_cpu_ms"]["median"])
    usual, read, naive = found["aggregate-30"], found["read"], found["naive-50"]
    # Three for the list, and at most one a day for compacted chunks.
    yield Row("write units of a changed list", "units", usual["write_units"], 4)
    yield Row("read one list", "ms", *_medians(read, naive, "cpu_ms", 2, "list_cpu_ms"))
    for window, one in read["windows"].items():
        yield Row(f"read the artists of {window}", "ms", one["cpu_ms"]["median"])
    yield Row("read a feed of 25 lists", "ms", read["feed_cpu_ms"]["median"])
    yield Row("read units of one list", "units", read["read_units"])


def _imports(found: Found) -> Iterator[Row]:
    times = found["imports"]
    for name, sample in times.items():
        if name != "naive":
            other = times["naive"]["median"] if name == "crawl" else None
            yield Row(f"import of {name}", "ms", sample["median"], _BEHIND_API.get(name), other)


_BEHIND_API = dict.fromkeys(("connect", "ingest", "read", "account"), 350.0)


def _medians(
    ours: Found, naive: Found, name: str, target: float, naive_name: str = ""
) -> tuple[float, float, float]:
    return ours[name]["median"], target, naive[naive_name or name]["median"]


def _naive_rows(found: Found) -> float:
    return float(1000 / found["naive-50"]["dispatch_cpu_ms"]["median"])
