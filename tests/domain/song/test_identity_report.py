"""The labelled pairs of real-world spellings, and the report on them."""

from collections import Counter
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.commands.prove.identity_report import (
    COLUMNS,
    LABELLED,
    Verdict,
    identity_report,
    read_pairs,
)

HEADER = ",".join(COLUMNS) + "\n"

app = typer.Typer()
app.command()(identity_report)


def report(pairs: Path, *options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["--pairs", str(pairs), *options], env={"COLUMNS": "140"})
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("held_out", [True, False])
def test_song_identity_meets_its_quality_targets(held_out: bool) -> None:
    verdict = Verdict([pair for pair in read_pairs(LABELLED) if pair.held_out is held_out])
    assert verdict.precision >= 0.995
    assert verdict.recall >= 0.95


def test_the_labelled_set_is_large_and_has_many_distinct_pairs() -> None:
    pairs = read_pairs(LABELLED)
    assert len(pairs) >= 1_000
    assert 0.35 <= sum(not pair.same for pair in pairs) / len(pairs) <= 0.6
    assert len({frozenset([pair.a, pair.b]) for pair in pairs}) == len(pairs)


def test_the_labelled_set_covers_languages_and_public_sources() -> None:
    pairs = read_pairs(LABELLED)
    languages = Counter(pair.language for pair in pairs)
    assert sum(count >= 10 for count in languages.values()) >= 12
    public = [pair for pair in pairs if pair.source_group == "public"]
    assert len(public) >= 300
    assert all(pair.source.startswith("github.com/") for pair in public)


def test_the_report_counts_both_kinds_of_failure(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        HEADER
        + "found,en,hand,yes,Hello,Adele,,Hello (Audio),Adele,\n"
        + "missed,en,hand,yes,Hello,Adele,,Olá [/b] [red],Adele,\n"
        + "confused,en,hand,no,Hello,Adele,,HELLO,Adele,\n"
        + "apart,en,hand,no,Hello,Adele,,Stay,Rihanna|Mikky Ekko,\n",
        encoding="utf-8",
    )
    code, out, _ = report(pairs, "--held-out")
    assert code == 0
    assert "precision 0.5000   recall 0.5000" in out
    failures = out[out.index("failures") :]
    assert "missed" in failures
    assert "Olá [/b] [red]" in failures
    assert "confused" in failures
    assert "found" not in failures


def test_failures_of_held_out_pairs_are_shown_on_request_only(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    rows = [f"missed,en,hand,yes,Hello {n},Adele,,Olá {n},Adele,\n" for n in range(40)]
    pairs.write_text(HEADER + "".join(rows), encoding="utf-8")
    held_out = [pair.a.title for pair in read_pairs(pairs) if pair.held_out]
    assert 0 < len(held_out) < 40
    _, hidden, _ = report(pairs)
    _, all_of_them, _ = report(pairs, "--held-out")
    assert not any(f"{title} /" in hidden for title in held_out)
    assert all(f"{title} /" in all_of_them for title in held_out)


def test_a_shared_isrc_of_a_pair_is_used(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        HEADER + "isrc,en,hand,yes,Colours,X,USRC17607839,Colors,X,USRC17607839\n",
        encoding="utf-8",
    )
    assert "recall 1.0000" in report(pairs)[1]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"a,b\n",
        b"\xff\xfe\x00",
        HEADER.encode(),
        f"{HEADER}kind,en,hand,maybe,a,b,,c,d,\n".encode(),
        f"{HEADER}kind,en,hand,yes,a,b\n".encode(),
        f'{HEADER}kind,en,hand,yes,"a,b,,c,d,\n'.encode(),
    ],
)
def test_unreadable_pairs_get_one_line_and_exit_code_2(
    tmp_path: Path, content: bytes | None
) -> None:
    pairs = tmp_path / "pairs.csv"
    if content is not None:
        pairs.write_bytes(content)
    code, out, err = report(pairs)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "pairs.csv" in err
