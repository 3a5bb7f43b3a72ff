"""`topk identity-report`: precision and recall of song identity on labelled pairs."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from topk.domain.play import Track
from topk.domain.song.identity import song_id, song_key
from topk.domain.song.joining import join

LABELLED = Path(__file__).parents[3] / "tests" / "domain" / "song" / "identity_pairs.csv"
COLUMNS = ["kind", "language", "source", "same"]
COLUMNS += ["title_a", "artists_a", "isrc_a", "title_b", "artists_b", "isrc_b"]
HELD_OUT_ONE_IN = 4
"""Pairs whose hash divides by this are held out: not looked at while rules are written."""


class UnreadablePairsError(Exception):
    """The file of pairs is missing or malformed; the message names the line."""


@dataclass(frozen=True)
class Pair:
    """Two spellings, and whether they are the same song."""

    kind: str
    language: str
    """ISO 639-1."""
    source: str
    """Where the spellings were published, "hand" for our own, "grammar" for generated ones."""
    same: bool
    a: Track
    b: Track

    @cached_property
    def joined(self) -> bool:
        """Whether a list would count the two as one song."""
        tracks: dict[str, list[Track]] = defaultdict(list)
        for track in (self.a, self.b):
            tracks[song_id(track)].append(track)
        return len(set(join(tracks).values())) == 1

    @property
    def source_group(self) -> str:
        return self.source if self.source in {"hand", "grammar"} else "public"

    @property
    def held_out(self) -> bool:
        """Decided by the spellings, so that neither order nor further pairs change it."""
        spelt = sorted(f"{t.title}\t{'|'.join(t.artists)}\t{t.isrc}" for t in (self.a, self.b))
        return blake2b("\n".join(spelt).encode(), digest_size=8).digest()[0] % HELD_OUT_ONE_IN == 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts over labelled pairs, and the misjudged pairs."""

    pairs: list[Pair]

    @property
    def precision(self) -> float:
        """Share of the pairs joined into one song that are the same song."""
        joined = [pair for pair in self.pairs if pair.joined]
        return sum(pair.same for pair in joined) / len(joined) if joined else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs of the same song that are joined."""
        same = [pair for pair in self.pairs if pair.same]
        return sum(pair.joined for pair in same) / len(same) if same else 1.0

    @property
    def merged(self) -> int:
        """Pairs of two songs that are joined."""
        return sum(pair.joined and not pair.same for pair in self.pairs)

    @property
    def missed(self) -> int:
        """Pairs of the same song that are not joined."""
        return sum(pair.same and not pair.joined for pair in self.pairs)

    @property
    def failures(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.joined != pair.same]


def read_pairs(path: Path) -> list[Pair]:
    """The labelled pairs of a CSV file with the columns COLUMNS; artists are separated by "|"."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadablePairsError(f"{path}: {error}") from error
    if not rows or rows[0] != COLUMNS:
        raise UnreadablePairsError(f"{path}: the first line must be {','.join(COLUMNS)}")
    if len(rows) == 1:
        raise UnreadablePairsError(f"{path}: no pairs")
    return [_pair(row, f"{path}:{line}") for line, row in enumerate(rows[1:], 2)]


def _pair(row: list[str], where: str) -> Pair:
    if len(row) != len(COLUMNS) or row[3] not in {"yes", "no"}:
        raise UnreadablePairsError(f"{where}: needs {len(COLUMNS)} fields, the fourth yes or no")
    kind, language, source, same = row[:4]
    return Pair(kind, language, source, same == "yes", _track(*row[4:7]), _track(*row[7:]))


def _track(title: str, artists: str, isrc: str) -> Track:
    return Track(track_id="", title=title, artists=tuple(artists.split("|")), isrc=isrc)


def identity_report(
    pairs: Annotated[Path, typer.Option(help="CSV of labelled pairs.")] = LABELLED,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Show failures of held-out pairs too.")
    ] = False,
) -> None:
    """Show precision and recall of song identity on labelled pairs, and every failure by kind.

    Held-out pairs, which the rules were not written for, have figures of their own; their failures
    are shown with --held-out.
    """
    console = Console()
    try:
        found = read_pairs(pairs)
    except UnreadablePairsError as error:
        Console(stderr=True, soft_wrap=True).print(f"cannot read pairs: {error}", markup=False)
        raise typer.Exit(2) from error
    console.print(_grouped("kind", found, lambda pair: pair.kind))
    console.print(_grouped("language", found, lambda pair: pair.language))
    console.print(_grouped("source", found, lambda pair: pair.source_group))
    console.print(
        _grouped("split", found, lambda pair: "held out" if pair.held_out else "for tuning")
    )
    verdict = Verdict(found)
    failures = [pair for pair in verdict.failures if held_out or not pair.held_out]
    if failures:
        console.print(_failures(failures))
    console.print(f"precision {verdict.precision:.4f}   recall {verdict.recall:.4f}")


def _grouped(name: str, pairs: Iterable[Pair], group_of: Callable[[Pair], str]) -> Table:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[group_of(pair)].append(pair)
    table = Table(name, "pairs", "precision", "recall", "merged", "missed", title=f"by {name}")
    for group, of_group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        verdict = Verdict(of_group)
        table.add_row(
            Text(group),
            str(len(of_group)),
            f"{verdict.precision:.4f}",
            f"{verdict.recall:.4f}",
            str(verdict.merged or ""),
            str(verdict.missed or ""),
        )
    return table


def _failures(failures: Iterable[Pair]) -> Table:
    table = Table("kind", "should be", "spellings", "keys", title="failures", show_lines=True)
    for pair in sorted(failures, key=lambda pair: (pair.same, pair.kind)):
        spellings = [f"{track.title} / {', '.join(track.artists)}" for track in (pair.a, pair.b)]
        keys = [" / ".join(map(str, song_key(track))) for track in (pair.a, pair.b)]
        wanted = "one" if pair.same else "two"
        # Plain text: titles carry square brackets, which are markup to rich.
        table.add_row(*map(Text, (pair.kind, wanted, "\n".join(spellings), "\n".join(keys))))
    return table
