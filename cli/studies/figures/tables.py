"""The tables of docs/figures.md, made from what the measuring commands write to out/."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.recovery import full_scale as recovery
from cli.studies.brownouts import figures as failing
from cli.studies.dispatching import figures as dispatching
from cli.studies.figures.sizing import load, storage
from cli.studies.starts import figures as starting
from cli.studies.tenancy import report as tenants

Measured = Mapping[str, Any]
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are text, ready to print. `name` is what documents refer to."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One command, the JSON file it writes to out/, and how its tables are made from that file."""

    command: str
    file: str
    tables: Callable[[Any], Sequence[Table]]


def _bench(found: Measured) -> list[Table]:
    measured, naive = found["measured"], found["naive"]
    crawl = measured["crawl-50"]
    rows = [
        ("crawl with new plays, 50 in flight", _ms(crawl["cpu_ms"]), _plain(naive, "crawl_cpu_ms")),
        ("first crawl of an account", _ms(crawl["first_cpu_ms"]), ""),
        ("crawl without new plays", _ms(crawl["empty_cpu_ms"]), ""),
        ("list, 30 plays a day", _ms(measured["aggregate-30"]["cpu_ms"]), ""),
        ("list, 200 plays a day", _ms(measured["aggregate-200"]["cpu_ms"]), ""),
        ("list, 3,000 plays a day", _ms(measured["aggregate-3000"]["cpu_ms"]), ""),
        ("read of one list", _ms(measured["read"]["cpu_ms"]), _plain(naive, "list_cpu_ms")),
        ("read of a feed of 25 lists", _ms(measured["read"]["feed_cpu_ms"]), ""),
        *(
            (f"read of the artists of {window}", _ms(one["cpu_ms"]), "")
            for window, one in measured["read"].get("windows", {}).items()
        ),
        ("push of one listen, in a call of 100", _ms(measured["ingest"]["cpu_ms"]), ""),
        (
            "dispatch of one row",
            f"{1e6 / found['dispatch']['rows_per_second']:.0f} µs",
            f"{1e6 / naive['dispatch_rows_per_second']:.0f} µs",
        ),
    ]
    imports = [
        (name, f"{milliseconds:.0f} ms")
        for name, milliseconds in found["import_ms"].items()
        if name != "naive"
    ]
    memory = [
        ("crawl function, 50 in flight", _mb(found["crawl"]), _mb(naive)),
        ("aggregate function, 30 plays a day", _mb(measured["aggregate-30"]), ""),
        ("read function", _mb(measured["read"]), ""),
    ]
    return [
        Table(
            "cpu",
            "CPU time of an operation",
            ("operation", "this design", "naive design"),
            rows,
            "Medians on one core. A list is one of a batch of 16.",
        ),
        Table("memory", "Resident memory", ("process", "this design", "naive design"), memory),
        Table("imports", "Import time of each function", ("function", "CPU time"), imports),
    ]


def _cost(found: Measured) -> list[Table]:
    crawls = [
        (
            f"crawl with plays: {provider} ({one['plays']:.0f} plays)",
            f"{one['usual']:.2f}",
            f"{one['read']:.2f}",
        )
        for provider, one in found["crawl"]["by_provider"].items()
    ]
    lists = found["aggregate"]
    reads = [
        (f"read: {kind}", "0", f"{units:.2f}") for kind, units in sorted(found["read"].items())
    ]
    columns = list(found["usd_a_day"])
    charges: dict[str, dict[str, float]] = {}
    for column, parts in found["charges"].items():
        for part in parts:
            charges.setdefault(part["what"], {})[column] = part["usd"]
    dollars = [
        (what, *(f"{of[column]:,.0f}" if column in of else "" for column in columns))
        for what, of in charges.items()
    ]
    total = ("**total**", *(f"**{found['usd_a_day'][column]:,.0f}**" for column in columns))
    return [
        Table(
            "units",
            "DynamoDB capacity units of an operation",
            ("operation", "write units", "read units"),
            [
                *crawls,
                (
                    "crawl without plays, average",
                    f"{found['crawl']['empty_write_units']:.2f}",
                    f"{found['crawl']['read_units']:.2f}",
                ),
                ("changed list", f"{lists['write_units']:.2f}", f"{lists['read_units']:.2f}"),
                *reads,
            ],
        ),
        Table(
            "dollars",
            f"Ingest in dollars a day at {found['users'] / 1e6:,.0f}M connected users",
            ("charge", *columns),
            [*dollars, total],
            f"List prices of {found['prices']['region']}, {found['prices']['dated']}. "
            "Reads of lists and the archive are not included.",
        ),
        *_whole(found),
        _second_region(found, charges),
        Table(
            "table-load",
            "Capacity units a second at full scale",
            (
                "table",
                "ingest: write units",
                "ingest: read units",
                "profile views: read units",
                "other reads: read units",
            ),
            load(found["requests"], found["run"]["connections"] * found["run"]["days"]),
            "Averages over a day: 70M crawls with their lists, 500M profile views, and the feeds "
            "and own lists that the mix of `topk load` has beside these views.",
        ),
        Table(
            "storage",
            "Storage at full scale, upper bounds",
            ("table", "rows", "bytes of a row", "stored", "added a day"),
            storage(),
            "Computed, not measured: rows follow from the requirements (three connections a user, "
            "50 follow edges each), a row is the largest that fits its write units. Tables without "
            "a daily addition grow with the users. The others hold less than 1 GB.",
        ),
        Table(
            "heat",
            "Share of a table's units on its hottest key",
            ("table", "keys", "hottest key", "hottest tenth of the keys"),
            [
                (
                    table,
                    str(one["keys"]),
                    f"{100 * one['share']:.1f}%",
                    f"{100 * one['top_tenth']:.1f}%",
                )
                for table, one in found["heat"].items()
            ],
        ),
    ]


def _whole(found: Measured) -> list[Table]:
    """The bill of a day with its reads; empty for a file of before there was one."""
    if "whole" not in found:
        return []
    bills = found["whole"]
    alone, batched, naive = (bills[name] for name in ("reads", "reads_batched", "reads_naive"))
    rest = [(part, bills[part]["usd"]) for part in ("ingest", "storage", "standing")]
    rows = [
        *((name, f"{usd:,.0f}", f"{usd:,.0f}", "") for name, usd in rest),
        *(
            (
                f"reads: {one['what']}",
                *(f"{_of(bill, one['what']):,.0f}" for bill in (alone, batched, naive)),
            )
            for one in alone["charges"]
        ),
        ("**reads**", *(f"**{bill['usd']:,.0f}**" for bill in (alone, batched, naive))),
        (
            "**ingest and reads**",
            *(f"**{bills['ingest']['usd'] + bill['usd']:,.0f}**" for bill in (alone, batched)),
            f"**{found['usd_a_day']['naive'] + naive['usd']:,.0f}**",
        ),
        (
            "**all**",
            *(f"**{found['whole_usd_a_day'][one]:,.0f}**" for one in ("alone", "batched")),
            "",
        ),
    ]
    reads = found["reads"]
    return [
        Table(
            "whole",
            "Everything in dollars a day at 50M connected users and 500M reads",
            ("charge", "every read a request", "half in batches of 20", "naive"),
            rows,
            f"List prices of {found['prices']['region']}, {found['prices']['dated']}, as the stage "
            "production is deployed, with a domain. 60% profiles, 20% pages of feeds, 20% own "
            "lists; 80 followed; 20% of the accounts pushed. Events, if all tenants take them, "
            f"would be {found['events_usd_a_day']:,.0f} more. The source's machines, Redis and an "
            f"item for each play would be {found['usd_a_day']['source']:,.0f} for ingest.",
        ),
        Table(
            "parts",
            "Ingest, storage and what stands, in dollars a day",
            ("charge", "amount", "dollars"),
            [
                (
                    f"{part}: {one['what']}",
                    f"{one['amount']:,.0f} {one['unit']}",
                    f"{one['usd']:,.1f}",
                )
                for part in ("ingest", "storage", "standing")
                for one in bills[part]["charges"]
            ],
        ),
        Table(
            "per-million",
            "A million reads of a tenant",
            ("read", "read units", "of 200 followed", "write units", "bytes of one", "dollars"),
            [
                (
                    kind,
                    f"{cost['read']:.1f}",
                    f"{found['reads_of_many_followed'][kind]['read']:.1f}",
                    f"{cost['write']:.0f}",
                    f"{cost['answer_bytes']:,.0f}",
                    f"{found['usd_per_million_reads'][kind]:.2f}",
                )
                for kind, cost in reads.items()
            ],
            "Units and bytes of one request; in a batch, each of its twenty lists is a read.",
        ),
    ]


def _of(bill: Measured, what: str) -> float:
    return float(sum(one["usd"] for one in bill["charges"] if one["what"] == what))


_CAPACITY = ("arithmetic", "providers", "scenarios", "levers", "scenario-dollars", "crawl-memory")


def _capacity(found: Measured) -> list[Table]:
    sheets = [
        Table(name, sheet["title"], sheet["columns"], sheet["rows"], sheet["note"])
        for name, sheet in zip(_CAPACITY, found["tables"], strict=True)
    ]
    return [_answer(found), *sheets]


def _answer(found: Measured) -> Table:
    ordinary = found["scenarios"]["ordinary"]
    providers = ordinary["providers"]
    fresh = 100 * ordinary["fresh"]
    return Table(
        "answer",
        "Crawling everyone once a day",
        ("question", "answer"),
        [
            ("crawls a second", f"{ordinary['crawls_per_second']:,.0f}"),
            ("provider calls a second", _total(providers, "calls_per_second")),
            ("Lambda environments busy, average", _total(providers, "concurrency_mean")),
            ("Lambda environments busy, peak minute", _total(providers, "concurrency_peak")),
            ("connections crawled within 24 hours", f"{fresh:.1f}%"),
        ],
    )


def _growth(found: Measured) -> list[Table]:
    rows = [
        (
            f"{point['connections']:,}",
            *(f"{point[name]:.2f}" for name in ("crawl_write", "crawl_read", "read")),
        )
        for point in found["points"]
    ]
    columns = ("connections", "write units of a crawl", "read units of a crawl", "read units")
    note = "A crawl includes its list; the last column is the average of the three kinds of read."
    return [
        Table("growth", "Units by the number of connections in the tables", columns, rows, note)
    ]


_REPLICATED = ("DynamoDB writes", "storage")
_DAYS_A_YEAR = 365


def _second_region(found: Measured, charges: Mapping[str, Mapping[str, float]]) -> Table:
    """A global table charges each write and each stored byte in both regions."""
    columns = ("provisioned", "on demand")
    added = {of: sum(charges[what][of] for what in _REPLICATED) for of in columns}
    rows = [
        *((what, *(f"{charges[what][of]:,.0f}" for of in columns)) for what in _REPLICATED),
        ("**a day**", *(f"**{added[of]:,.0f}**" for of in columns)),
        ("a year", *(f"{added[of] * _DAYS_A_YEAR:,.0f}" for of in columns)),
        (
            "share of the bill of one region",
            *(f"{100 * added[of] / found['usd_a_day'][of]:.0f}%" for of in columns),
        ),
    ]
    return Table(
        "second-region",
        "What global tables in a second region would add, in dollars",
        ("charge", *columns),
        rows,
        "A replicated write is charged like a write, in each region: "
        "aws.amazon.com/dynamodb/pricing/on-demand.",
    )


def _drill(found: Sequence[Measured]) -> list[Table]:
    rows = [
        (
            loss["lost_table"],
            f"{loss['exact']:,} of {loss['owners']:,}",
            f"{loss['lost']:,} of {loss['chunks']:,}",
            f"{loss['seconds']:.0f} s",
        )
        for loss in found
    ]
    columns = ("table dropped", "owners exact afterwards", "chunks lost", "recovered in")
    return [
        Table("drill", "Recovery on the emulator", columns, rows),
        Table(
            "recovery",
            "Recovery at full scale",
            recovery.COLUMNS,
            [recovery.row(recovery.full_scale(loss)) for loss in found],
            f"{recovery.CHUNKS / 1e6:,.0f}M chunks and {recovery.LISTS / 1e6:,.0f}M lists, "
            "computed from the CPU time of the drill, on one core for each part, and from the "
            f"quota of on-demand tables, {recovery.UNITS_A_SECOND:,} units a second.",
        ),
    ]


def _accuracy(found: Measured) -> list[Table]:
    rows = [
        (name, *(f"{value:,}" for value in (found["daily"][key], found[key])))
        for name, key in (
            ("lists checked", "lists"),
            ("lists exact", "exact"),
            ("plays that reports do not tell apart, lost", "plays_merged"),
            ("plays that reports do not tell to be one, counted twice", "plays_doubled"),
            ("plays counted twice otherwise", "double_counted"),
        )
        if key in found
    ]
    lost = tuple(f"{100 * found[key]:.3f}%" for key in ("lost_daily", "lost_adaptive"))
    return [
        Table(
            "accuracy",
            f"Counts of {found['users']:,} listeners over {found['days']} days against the truth",
            ("figure", "crawled daily", "adaptive"),
            [*rows, ("plays lost at providers before a crawl", *lost)],
        ),
        _habit_errors(found),
    ]


def _habit_errors(found: Measured) -> Table:
    rows = [
        (
            one["habit"],
            f"{one['plays']:,}",
            f"{100 * one['lost'] / one['plays']:.2f}%",
            f"{100 * one['doubled'] / one['plays']:.2f}%",
        )
        for one in found["habit_errors"]
        if one["plays"]
    ]
    return Table(
        "habits",
        "What reports cannot tell, for each habit by itself",
        ("habit", "plays in the window", "lost", "counted twice"),
        rows,
        "All reports of a week, without crawls; the habits are those of simulator/habit.py.",
    )


def _chaos(found: Measured) -> list[Table]:
    faults = sum(found["injected"].values())
    return [
        Table(
            "chaos",
            "Seeded fault runs",
            ("figure", "value"),
            [
                ("runs", f"{found['seeds']:,}"),
                ("runs with a broken promise", f"{len(found['failed']):,}"),
                ("lists compared", f"{found['lists']:,}"),
                ("faults injected", f"{faults:,}"),
                ("duration", f"{found['seconds'] / 60:.1f} minutes, {found['workers']} processes"),
            ],
        )
    ]


def _wire(found: Measured) -> list[Table]:
    return [
        Table(
            "chaos-wire",
            "Faults on the wire of the deployed service",
            ("figure", "value"),
            [
                ("lists exact afterwards", f"{found['lists_exact']:,} of {found['lists']:,}"),
                ("calls", f"{found['calls']:,}"),
                ("faults injected", f"{sum(found['injected'].values()):,}"),
                ("function processes killed", f"{sum(found['killed'].values()):,}"),
                ("duration", f"{found['seconds'] / 60:.1f} minutes"),
            ],
        )
    ]


def _load(found: Measured) -> list[Table]:
    rows = [
        (kind, *(f"{of[name]:.1f} ms" for name in ("p50", "p90", "p99", "max")))
        for kind, of in found["latency_ms"].items()
    ]
    errors = sum(found["errors"].values())
    return [
        Table(
            "load",
            f"API latency at {found['rate']:g} requests a second for {found['seconds']:g} s",
            ("request", "p50", "p90", "p99", "maximum"),
            rows,
            f"{found['requests']:,} requests, {errors:,} errors, counted from the planned start.",
        )
    ]


def _demo(found: Measured) -> list[Table]:
    lists = f"{found['lists_exact']:,} of {found['lists_checked']:,}"
    return [
        Table(
            "demo",
            "The demonstration",
            ("figure", "value"),
            [
                ("lists exact", lists),
                ("connections", f"{found['connections']:,}"),
                ("duration with deployment", f"{found['seconds']['total']:.0f} s"),
            ],
        )
    ]


def _cold_start(found: Measured) -> list[Table]:
    labels = {
        "first demo": "the first `make demo`, with 8 listeners, set-up included",
        "tests": "`make test`",
        "second demo": "`make demo` once more",
    }
    rows = [(text, _duration(found[label])) for label, text in labels.items()]
    return [
        Table(
            "cold-start",
            "The first commands on a new machine",
            ("command", "duration"),
            rows,
            "Two cores, both kept busy by another program.",
        )
    ]


def _dispatch(found: Measured) -> list[Table]:
    return [
        Table(
            "dispatch",
            "Dispatch at the latencies of AWS",
            dispatching.COLUMNS,
            dispatching.rows(found),
            "In virtual time. A send is the median of a SendMessageBatch. One core prepares "
            f"{found['rows_per_second']:,.0f} rows a second; the providers' budgets allow "
            f"{found['crawls_per_second']:,.0f} crawls a second.",
        )
    ]


def _starts(found: Measured) -> list[Table]:
    return [
        Table(
            "starts",
            "Start of each function",
            starting.COLUMNS,
            starting.rows(found),
            "CPU time on one core, and in brackets the duration, in which other programs and a "
            f"local emulator of AWS take part; medians of {found['repeats']} starts. Functions "
            'with SnapStart continue in a process forked after their hooks. "At its memory" is '
            "the CPU time of the first invocation with the share of a core that its memory gets.",
        )
    ]


def _celebrity(found: Measured) -> list[Table]:
    return [
        Table(
            "celebrity",
            "One owner viewed by everybody",
            ("viewers", "views a second", "beyond the edge", "environments", "reads a second"),
            [
                (
                    one["name"],
                    f"{one['asked']:,}",
                    f"{one['passed']:,.2f}",
                    f"{one['environments']:,}",
                    f"{one['reads']:.1f}",
                )
                for one in found["crowds"]
            ],
            "Reads are items and queries of all tables. The edge keeps responses to anonymous "
            "viewers alone.",
        ),
        Table(
            "day-caches",
            "Hit rates of a cache for the views of a day",
            (
                "lists in the cache",
                "least recently used",
                "first in, first out",
                "reads of lists left, of 300M",
            ),
            [
                (
                    f"{one['entries']:,}",
                    f"{100 * one['least_recently_used']:.1f}%",
                    f"{100 * one['first_in_first_out']:.1f}%",
                    f"{300 * (1 - one['least_recently_used']):.0f}M and "
                    f"{300 * (1 - one['first_in_first_out']):.0f}M",
                )
                for one in found["caches"]
            ],
            "Zipf's law over 50M users, one cache for all. Computed; a test compares a small cache "
            "with a simulation.",
        ),
    ]


def _brownouts(found: Sequence[Measured]) -> list[Table]:
    return [
        Table(
            "brownouts",
            "Outages of a quarter of an hour",
            failing.COLUMNS,
            failing.rows(found),
            "In virtual time, at the latencies of AWS. All crawls fall into the outage. In flight: "
            "of a large provider's queue, all that its concurrency allows to be processed and the "
            f"hidden messages; a queue's limit is {failing.MOST_IN_FLIGHT:,}.",
        )
    ]


def _tenancy(found: Measured) -> list[Table]:
    return [
        Table(
            "tenancy",
            tenants.BUSY_TITLE,
            tenants.BUSY_COLUMNS,
            tenants.busy_rows(found["busy"]),
            tenants.BUSY_NOTE,
        ),
        Table(
            "tenancy-costs",
            tenants.COSTS_TITLE,
            tenants.COSTS_COLUMNS,
            tenants.costs_rows(found["costs"]),
        ),
        Table(
            "tenancy-memory",
            tenants.MEMORY_TITLE,
            tenants.MEMORY_COLUMNS,
            tenants.memory_rows(found["memory"]),
        ),
    ]


def _tenants_deployed(found: Measured) -> list[Table]:
    rows = tenants.deployed_rows(found)
    return [Table("tenancy-deployed", tenants.DEPLOYED_TITLE, tenants.DEPLOYED_COLUMNS, rows)]


SOURCES = (
    Source(".ci/cold_start", "cold_start.json", _cold_start),
    Source("topk capacity", "capacity.json", _capacity),
    Source("topk cost", "cost.json", _cost),
    Source("topk bench", "bench.json", _bench),
    Source("topk dispatch", "dispatch.json", _dispatch),
    Source("topk starts", "starts.json", _starts),
    Source("topk celebrity", "celebrity.json", _celebrity),
    Source("topk brownouts", "brownouts.json", _brownouts),
    Source("topk growth", "growth.json", _growth),
    Source("topk tenancy", "tenancy.json", _tenancy),
    Source("topk tenancy --deployed", "tenancy-deployed.json", _tenants_deployed),
    Source("topk load --rate 60 --seconds 60", "load.json", _load),
    Source("topk accuracy", "accuracy.json", _accuracy),
    Source("topk chaos --seeds 1000", "chaos.json", _chaos),
    Source("topk chaos --wire", "chaos-wire.json", _wire),
    Source("topk drill --owners 10000", "drill.json", _drill),
    Source("make demo", "demo.json", _demo),
)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def _ms(times: Measured) -> str:
    return f"{times['median']:.2f} ms"


def _plain(found: Measured, name: str) -> str:
    return f"{found[name]:.2f} ms"


def _mb(found: Measured) -> str:
    return f"{found['resident_mb']:.0f} MB"


def _total(providers: Sequence[Measured], name: str) -> str:
    return f"{sum(provider[name] for provider in providers):,.0f}"
