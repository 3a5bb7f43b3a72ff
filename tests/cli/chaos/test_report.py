"""The results of storms, counted by promise."""

import io

import pytest
from rich.console import Console

from cli.studies.chaos.oracle.outcome import Outcome
from cli.studies.chaos.oracle.report import broken, table


def _outcome(*wrong: str) -> Outcome:
    return Outcome(seed=1, wrong=wrong, injected={}, lists=2, digest="", trace=(), plan={})


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        ("harbor#ada.1: the list: 'Dawn' counts 3 instead of 2", "lists not exact"),
        ("harbor#ada.1: the stored list: does not match the stored plays", "lists not exact"),
        ("harbor#ada.1: 2 plays lost in the window before 2026-11-22", "windows with plays lost"),
        (
            "harbor#ada.1: 1 counted twice in the window before 2026-11-22",
            "windows with plays counted twice",
        ),
        ("queue spotify: a message is stuck, received 4 times", "messages stuck"),
        ("queue spotify-dead: a dead letter without a reason: {}", "messages stuck"),
        ("stream: harbor#ada.1 was given up", "messages stuck"),
        ("harbor#ada.1 spotify: a due crawl was neither done nor queued", "messages stuck"),
        ("logs: a token was exposed", "tokens exposed"),
        ("harbor#ada.1: a hidden song was shown", "others broken"),
    ],
)
def test_each_finding_breaks_one_promise(wrong: str, promise: str) -> None:
    found = broken([_outcome(), _outcome(wrong)])
    assert {name: times for name, times in found.items() if times} == {promise: 1}


def test_the_table_lists_every_promise_even_if_none_was_broken() -> None:
    out = io.StringIO()
    Console(file=out, width=200).print(table([_outcome(), _outcome()]))
    printed = " ".join(out.getvalue().split())
    assert "every promise kept in 2 of 2 runs; 4 listeners" in printed
    assert "0 lists not exact, 0 windows with plays lost" in printed
    assert "0 tokens exposed, 0 others broken" in printed
