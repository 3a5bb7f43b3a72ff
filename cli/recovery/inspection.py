"""The data of an owner as tables for a terminal, without any tokens, sealed or not."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.table import Column, Table

from cli.recovery.inspect_account import Inspected
from cli.recovery.play_audit import AuditedPlay, Verdict
from topk.domain.account.connection import Connection
from topk.domain.chunk import Chunk


def tables(found: Inspected, *, plays: bool) -> Iterator[Table]:
    """Profile, connections, chunks and the list; with `plays` also each report of a play."""
    yield _profile(found)
    yield _connections(found.connections)
    yield _chunks(found.chunks)
    yield _list(found)
    if plays:
        yield _audited(found.audited)


def _profile(found: Inspected) -> Table:
    table = Table("what", "value", title="Profile")
    if chosen := found.profile:
        table.add_row("visibility", chosen.visibility.value)
        table.add_row("time zone", chosen.time_zone)
        table.add_row("followers", str(chosen.followers))
        table.add_row("hidden songs", ", ".join(sorted(chosen.hidden.songs)) or "none")
        table.add_row("hidden providers", ", ".join(sorted(chosen.hidden.providers)) or "none")
    else:
        table.add_row("none", "")
    return table


def _connections(connections: list[Connection]) -> Table:
    table = Table(
        "provider", "status", "since", "reason", "crawled through", "cadence", "days with gaps",
        title="Connections",
    )  # fmt: skip
    for one in connections:
        table.add_row(
            one.provider,
            one.status.value,
            _time(one.status_since),
            one.reason,
            _time(one.crawled_through),
            f"{one.cadence.per_day} a day, every {one.cadence.every_days} days",
            ", ".join(str(_day(day)) for day in one.gaps),
        )
    return table


def _chunks(chunks: list[Chunk]) -> Table:
    table = Table("fetched", "provider", "crawl", "plays", "first", "last", title="Chunks of plays")
    for chunk in chunks:
        starts = sorted(play.started_at for play in chunk.plays)
        table.add_row(
            _time(chunk.fetched_at),
            chunk.provider,
            chunk.crawl_id,
            str(len(starts)),
            *(_time(moment) for moment in (starts[:1] + starts[-1:])),
        )
    return table


def _list(found: Inspected) -> Table:
    window, verdicts = found.window, Counter(one.verdict for one in found.audited)
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict)
    title = f"List as of {window.as_of}, {_time(window.start)} to {_time(window.end)}"
    table = Table("song", "title", "counted", "plays that say so", title=title, caption=told)
    by_plays = Counter(one.song_id for one in found.audited if one.verdict is Verdict.COUNTED)
    for song in found.found.songs if found.found else ():
        table.add_row(song.song_id, song.title, str(song.listen_count), str(by_plays[song.song_id]))
    return table


def _audited(audited: list[AuditedPlay]) -> Table:
    table = Table(
        "began", "provider", "precision", Column("title", overflow="fold"), "song", "verdict",
        title="Why",
    )  # fmt: skip
    for one in audited:
        play = one.play
        table.add_row(
            _time(play.started_at),
            play.provider,
            play.precision.name.lower(),
            play.track.title,
            one.song_id,
            one.verdict.value,
        )
    return table


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else "never"


def _day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")
