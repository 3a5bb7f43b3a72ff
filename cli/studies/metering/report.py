"""The results of a metered run as tables."""

from collections.abc import Iterator

from rich.table import Table

from cli.studies.metering.findings import Findings
from simulator.metering.bill import Bill


def tables(found: Findings, *, every_request: bool) -> Iterator[Table]:
    yield _units(found)
    if every_request:
        yield _requests(found)
    yield _heat(found)
    yield _dollars(found)
    yield _pushes(found)
    yield _reads(found)
    yield _whole(found)


def _units(found: Findings) -> Table:
    title = "Units of DynamoDB, on average"
    table = Table("what", "write units", "read units", "plays", "log bytes", title=title)
    for name, one in (*found.units.crawls.items(), ("any provider", found.units.crawl)):
        cells = (f"{one.usual:.2f}", f"{one.read:.2f}", f"{one.plays:.1f}", f"{one.log_bytes:.0f}")
        table.add_row(f"crawl with plays, {name}", *cells)
        table.add_row(f"crawl without, {name}", f"{one.checkpoint:.2f}", f"{one.read:.2f}", "0", "")
    units = found.units
    table.add_row("changed list", f"{units.list_write:.2f}", f"{units.list_read:.2f}", "", "")
    table.add_row("list, where nothing was played", "0", "0", "", "")
    table.add_row("day of plays, compacted", f"{found.compacted.write_units:.2f}", "", "30", "")
    for kind, read in sorted(units.reads.items()):
        table.add_row(f"read: {kind}", "0", f"{read:.2f}", "", "")
    return table


def _requests(found: Findings) -> Table:
    table = Table("function", "asks for", "requests", "items", "write", "read", title="Requests")
    for line, used in sorted(found.run.used.items()):
        what = f"{line.service} {line.operation} {line.resource}".strip()
        cells = (f"{used.requests:g}", str(used.items), f"{used.write:g}", f"{used.read:g}")
        table.add_row(line.function, what, *cells)
    return table


def _heat(found: Findings) -> Table:
    title = "Heat of the partitions: share of a table's units"
    table = Table("table", "keys", "hottest key", "hottest tenth", title=title)
    for name, one in found.heat.items():
        table.add_row(name, str(one.keys), f"{one.share:.1%}", f"{one.top_tenth:.1%}")
    return table


def _dollars(found: Findings) -> Table:
    title = f"Dollars a day, {found.inputs.users:,} users, prices of {found.prices.dated}"
    table = Table("charge", title=title)
    for name in (*(bill.name for bill in found.bills), "source"):
        table.add_column(name, justify="right")
    for what in dict.fromkeys(one.what for bill in found.bills for one in bill.charges):
        table.add_row(what, *(_usd(bill, what) for bill in found.bills), "")
    table.add_section()
    table.add_row("all", *(f"{bill.usd:.0f}" for bill in found.bills), f"{found.source_usd:.0f}")
    return table


def _pushes(found: Findings) -> Table:
    """Pushed plays with the gateway, beside the day's plays as crawls bring them."""
    pulled = next(bill for bill in found.bills if bill.name == "on demand")
    table = Table("charge", title="Dollars for pushed plays, on demand, and for crawling a day's")
    for name in (*(bill.name for bill in found.push_bills), "crawled"):
        table.add_column(name, justify="right")
    bills = (*found.push_bills, pulled)
    for what in dict.fromkeys(one.what for bill in bills for one in bill.charges):
        table.add_row(what, *(_usd(bill, what) for bill in bills))
    table.add_section()
    table.add_row("all", *(f"{bill.usd:,.2f}" for bill in bills))
    return table


def _reads(found: Findings) -> Table:
    title = "One request of a reader who follows 80 users, and of one who follows 200"
    table = Table("read", title=title)
    for name in ("read units", "of 200", "write units", "bytes", "$ a million reads"):
        table.add_column(name, justify="right")
    for kind, cost in found.run.reads.items():
        table.add_row(
            kind,
            f"{cost.read:g}",
            f"{found.run.long_reads[kind].read:g}",
            f"{cost.write:g}",
            f"{cost.answer_bytes:,.0f}",
            f"{found.per_million[kind]:.2f}",
        )
    return table


def _whole(found: Findings) -> Table:
    """Every charge of a day."""
    whole = found.whole
    table = Table("charge", title=f"Dollars a day for everything, {found.inputs.users:,} users")
    bills = (whole.reads, whole.batched, whole.naive_reads)
    for bill in bills:
        table.add_column(bill.name, justify="right")
    for part in (whole.ingest, whole.storage, whole.standing):
        table.add_row(part.name, *[f"{part.usd:,.0f}"] * 2, "")
    for what in dict.fromkeys(one.what for bill in bills for one in bill.charges):
        table.add_row(f"reads: {what}", *(_usd(bill, what) for bill in bills))
    table.add_section()
    table.add_row("reads", *(f"{bill.usd:,.0f}" for bill in bills))
    table.add_row("all", f"{whole.usd:,.0f}", f"{whole.batched_usd:,.0f}", "")
    return table


def _usd(bill: Bill, what: str) -> str:
    charges = [charge.usd for charge in bill.charges if charge.what == what]
    return f"{sum(charges):,.2f}" if charges else ""
