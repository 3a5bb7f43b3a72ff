"""Reading Lighthouse's reports, and the scores that each page needs."""

from pathlib import Path
from typing import Any

import pytest
import typer

from cli.commands.measure.lighthouse import PROFILE, addresses, chosen, medians, shortcomings
from cli.failure import CommandFailedError
from cli.studies.pages import lighthouse as run
from cli.studies.pages.lighthouse import CATEGORIES, Judged, installed, read
from cli.studies.pages.scene import Scene

SCENE = Scene("http://host.example", "ada", {"session": "not-a-real-token"})
FULL = dict.fromkeys(CATEGORIES, 100.0)


def report(**scores: float | None) -> dict[str, Any]:
    """One audit for each category, some with `scores`; the last has no weight."""
    names = {"accessibility": "contrast", "best-practices": "console", "performance": "speed"}
    given = {name: scores.get(name, 1.0) for name in names.values()}
    return {
        "categories": {
            category: {
                "score": 0.955,
                "auditRefs": [{"id": name, "weight": 3}, {"id": "hint", "weight": 0}],
            }
            for category, name in names.items()
        },
        "audits": {name: {"score": score, "title": name.title()} for name, score in given.items()}
        | {"hint": {"score": 0, "title": "Hint"}},
    }


def test_scores_are_read_as_points_of_a_hundred() -> None:
    assert read(report()) == Judged(dict.fromkeys(CATEGORIES, 96), ())


@pytest.mark.parametrize("score", [0, 0.5, 0.89])
def test_audits_that_cost_points_are_named(score: float) -> None:
    assert read(report(console=score)).missed == ("console: Console",)


def test_inapplicable_audits_cost_nothing() -> None:
    assert read(report(console=None)).missed == ()


@pytest.mark.parametrize(
    ("page", "scores", "short"),
    [
        ("feed", {"accessibility": 94}, ["accessibility"]),
        ("feed", {"best-practices": 94.9}, ["best-practices"]),
        ("feed", {"performance": 10}, []),
        (PROFILE, {"performance": 89}, ["performance"]),
        (PROFILE, {"accessibility": 95, "best-practices": 95, "performance": 90}, []),
    ],
)
def test_every_page_needs_its_scores_and_the_profile_must_be_fast(
    page: str, scores: dict[str, float], short: list[str]
) -> None:
    assert shortcomings(page, FULL | scores) == short


def test_the_median_of_several_runs_counts() -> None:
    runs = [Judged(dict.fromkeys(CATEGORIES, points), ()) for points in (20, 100, 96)]
    assert medians(runs) == dict.fromkeys(CATEGORIES, 96)


def test_every_page_of_the_site_is_audited() -> None:
    site = Path(__file__).parents[2] / "web" / "site"
    looked = {address.rpartition("/")[2] for address in addresses(SCENE).values()}
    assert {page.name for page in site.glob("*.html")} < looked
    assert addresses(SCENE)[PROFILE] == "http://host.example/people/ada"


def test_pages_are_chosen_by_name() -> None:
    assert chosen(["feed"]) == ["feed"]
    assert set(chosen(None)) == set(addresses(SCENE))
    with pytest.raises(typer.BadParameter, match="'fed' is not one of profile, sign-in, feed"):
        chosen(["fed"])


def test_a_missing_installation_gives_instructions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "executable", lambda: "chromium")
    monkeypatch.setattr(run, "_COMMAND", tmp_path / "missing.js")
    with pytest.raises(CommandFailedError, match="make lighthouse"):
        installed()
