"""The labelled pairs of real-world spellings, and the report on them."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.identity_report import LABELLED, Verdict, identity_report, read_pairs

HEADER = "kind,same,title_a,artists_a,title_b,artists_b\n"

app = typer.Typer()
app.command()(identity_report)


def report(pairs: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["--pairs", str(pairs)], env={"COLUMNS": "120"})
    return result.exit_code, result.stdout, result.stderr


def test_song_identity_is_as_good_as_promised() -> None:
    verdict = Verdict(read_pairs(LABELLED))
    assert verdict.precision >= 0.995
    assert verdict.recall >= 0.97


def test_the_labelled_set_is_large_and_half_of_it_is_hard_negatives() -> None:
    pairs = read_pairs(LABELLED)
    assert len(pairs) >= 400
    assert 0.45 <= sum(pair.same for pair in pairs) / len(pairs) <= 0.55
    assert len({frozenset([pair.a, pair.b]) for pair in pairs}) == len(pairs)


def test_the_report_counts_both_kinds_of_failure(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        HEADER
        + "found,yes,Hello,Adele,Hello (Audio),Adele\n"
        + "missed,yes,Hello,Adele,Olá [/b] [red],Adele\n"
        + "confused,no,Hello,Adele,HELLO,Adele\n"
        + "apart,no,Hello,Adele,Stay,Rihanna|Mikky Ekko\n",
        encoding="utf-8",
    )
    code, out, _ = report(pairs)
    assert code == 0
    assert "precision 0.5000   recall 0.5000" in out
    failures = out[out.index("failures") :]
    assert "missed" in failures
    assert "Olá [/b] [red]" in failures
    assert "confused" in failures
    assert "found" not in failures


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"a,b\n",
        b"\xff\xfe\x00",
        HEADER.encode(),
        f"{HEADER}kind,maybe,a,b,c,d\n".encode(),
        f"{HEADER}kind,yes,a,b\n".encode(),
        f'{HEADER}kind,yes,"a,b,c,d\n'.encode(),
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
