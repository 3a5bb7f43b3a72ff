"""`topk identity-report`: precision and recall of song identity on labelled pairs."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from topk.domain.play import Track
from topk.domain.song.identity import song_id, song_key

LABELLED = Path(__file__).parents[1] / "tests" / "domain" / "song" / "identity_pairs.csv"
COLUMNS = ["kind", "same", "title_a", "artists_a", "title_b", "artists_b"]


class UnreadablePairsError(Exception):
    """The file of pairs is missing or malformed; the message names the line."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two spellings, and whether they are the same song."""

    kind: str
    same: bool
    a: Track
    b: Track

    @property
    def joined(self) -> bool:
        return song_id(self.a) == song_id(self.b)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts over labelled pairs, and the misjudged pairs."""

    pairs: list[Pair]

    @property
    def precision(self) -> float:
        """Share of the pairs with the same id that are the same song."""
        joined = [pair for pair in self.pairs if pair.joined]
        return sum(pair.same for pair in joined) / len(joined) if joined else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs of the same song that have the same id."""
        same = [pair for pair in self.pairs if pair.same]
        return sum(pair.joined for pair in same) / len(same) if same else 1.0

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
    if len(row) != len(COLUMNS) or row[1] not in {"yes", "no"}:
        raise UnreadablePairsError(f"{where}: needs {len(COLUMNS)} fields, the second yes or no")
    kind, same, title_a, artists_a, title_b, artists_b = row
    return Pair(kind, same == "yes", _track(title_a, artists_a), _track(title_b, artists_b))


def _track(title: str, artists: str) -> Track:
    return Track(track_id="", title=title, artists=tuple(artists.split("|")))


def identity_report(
    pairs: Annotated[Path, typer.Option(help="CSV of labelled pairs.")] = LABELLED,
) -> None:
    """Show precision and recall of song identity on labelled pairs, and every failure by kind."""
    console = Console()
    try:
        verdict = Verdict(read_pairs(pairs))
    except UnreadablePairsError as error:
        Console(stderr=True, soft_wrap=True).print(f"cannot read pairs: {error}", markup=False)
        raise typer.Exit(2) from error
    console.print(_summary(verdict))
    if verdict.failures:
        console.print(_failures(verdict))
    console.print(f"precision {verdict.precision:.4f}   recall {verdict.recall:.4f}")


def _summary(verdict: Verdict) -> Table:
    table = Table("kind", "same", "pairs", "wrong", title=f"{len(verdict.pairs)} labelled pairs")
    wrong = Counter((pair.kind, pair.same) for pair in verdict.failures)
    for (kind, same), count in Counter((pair.kind, pair.same) for pair in verdict.pairs).items():
        table.add_row(Text(kind), "yes" if same else "no", str(count), str(wrong[kind, same] or ""))
    return table


def _failures(verdict: Verdict) -> Table:
    table = Table("kind", "should be", "spellings", "keys", title="failures", show_lines=True)
    for pair in sorted(verdict.failures, key=lambda pair: (pair.same, pair.kind)):
        spellings = [f"{track.title} / {', '.join(track.artists)}" for track in (pair.a, pair.b)]
        keys = [" / ".join(map(str, song_key(track))) for track in (pair.a, pair.b)]
        wanted = "one" if pair.same else "two"
        # Plain text: titles carry square brackets, which are markup to rich.
        table.add_row(*map(Text, (pair.kind, wanted, "\n".join(spellings), "\n".join(keys))))
    return table
