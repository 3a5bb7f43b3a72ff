"""Judging served lists: every kind of wrong list is found."""

from typing import Any

import pytest

from cli.studies.demonstration.judge import fault


def song(title: str, count: int, last: int = 0, *, exact_time: bool = True) -> dict[str, Any]:
    ids = {"spotify": [f"s-{title}", f"s2-{title}"], "youtube": [f"y-{title}"]}
    return {"title": title, "count": count, "last": last, "exact_time": exact_time, "ids": ids}


def served(title: str, count: int, provider: str = "s") -> dict[str, Any]:
    return {"title": title, "listen_count": count, "url": f"https://x.example/{provider}-{title}"}


TRUTH = [song("a", 3), song("b", 2, 9), song("c", 2, 5), song("d", 1)]


@pytest.mark.parametrize(
    "shown",
    [
        [served("a", 3), served("b", 2), served("c", 2)],
        [served("a", 3, "y"), served("b", 2, "s2"), served("c", 2)],
    ],
)
def test_a_correct_list_has_no_findings(shown: list[dict[str, Any]]) -> None:
    assert fault(shown, TRUTH, 3) == ""


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ([served("a", 4), served("b", 2), served("c", 2)], "counts 4 instead of 3"),
        ([served("a", 3), served("b", 2)], "2 songs of 3"),
        ([], "0 songs of 3"),
        ([served("a", 3), served("b", 2), served("d", 1)], "not the most played"),
        ([served("a", 3), served("c", 2), served("b", 2)], "played later"),
        ([served("b", 2), served("a", 3), served("c", 2)], "not the most played"),
        ([served("a", 3), served("b", 2), served("b", 2)], "listed twice"),
        ([served("a", 3), served("b", 2), served("z", 2)], "was not played"),
    ],
)
def test_a_wrong_list_is_found(shown: list[dict[str, Any]], message: str) -> None:
    assert message in fault(shown, TRUTH, 3)


def test_songs_without_reported_times_may_be_in_either_order() -> None:
    truth = [song("b", 2, 9), song("c", 2, 5, exact_time=False)]
    assert fault([served("c", 2), served("b", 2)], truth, 2) == ""


def test_an_empty_truth_requires_an_empty_list() -> None:
    assert fault([], [], 5) == ""
    assert fault([served("a", 1)], [], 5) != ""
