"""A list that the caller may not see costs the same work as that of an unknown user."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from tests.fakes import ANNA, BEN, DAY, NOON
from tests.functions.conftest import EVENTS, Stage
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.stores.dynamodb.models import BlockModel, FollowModel
from topk.stores.graph.edges import Edges
from topk.stores.tables.profiles import Profiles

_ONCE_A_SECOND = "_moment"
"""The time stamp of the signer, kept for a second."""
CARLA = Owner("harbor", "carla")


def _private() -> None:
    Profiles().put(ANNA, Profile(Visibility.PRIVATE, "Europe/Berlin"))
    Profiles().hide(ANNA, Hidden(frozenset({"song-1", "song-2"})))


def _not_followed() -> None:
    Edges(FollowModel).remove(BEN, ANNA)


def _blocked() -> None:
    Edges(BlockModel).add(ANNA, BEN)


def _blocking() -> None:
    Edges(BlockModel).add(BEN, ANNA)


def _being_erased() -> None:
    Profiles().mark_erasing(ANNA, "fake-receipt")


def _requested_by_another() -> None:
    _not_followed()
    FollowModel(CARLA.key, ANNA.user, agreed_at=NOON - DAY).save()


@pytest.mark.parametrize("route", ["top", "public", "card"])
@pytest.mark.parametrize(
    "hide",
    [_private, _not_followed, _blocked, _blocking, _being_erased, _requested_by_another],
)
def test_a_hidden_list_takes_the_steps_of_an_unknown_user(
    stage: Stage, hide: Callable[[], None], route: str
) -> None:
    stage.ask("read/mine")
    hide()
    event = _event(route)
    function = "card" if route == "card" else "read"
    for user in ("anna", "nobody"):
        stage.call(function, _of(event, user))
    counts = {}
    for user in ("anna", "nobody"):
        with counted() as steps:
            answer = stage.call(function, _of(event, user))
        assert answer["statusCode"] == 404
        counts[user] = (steps, answer)
    (hidden, answer), (unknown, other) = counts["anna"], counts["nobody"]
    assert {
        step: (hidden[step], unknown[step])
        for step in hidden | unknown
        if hidden[step] != unknown[step]
    } == {}
    assert answer == other


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Counts the calls of the product's functions, by name."""
    steps = Counter[str]()

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        name = frame.f_code.co_qualname
        ours = ("/topk/" in file or "/functions/" in file) and "/tests/" not in file
        if event == "call" and ours and name != _ONCE_A_SECOND:
            steps[f"{file}:{name}"] += 1

    sys.setprofile(note)
    try:
        yield steps
    finally:
        sys.setprofile(None)


def _event(route: str) -> dict[str, Any]:
    file = "card/link" if route == "card" else f"read/{route}"
    return dict(json.loads((EVENTS / f"{file}.json").read_text(encoding="utf-8")))


def _of(event: dict[str, Any], user: str) -> dict[str, Any]:
    return {**event, "pathParameters": {**event["pathParameters"], "user_id": user}}
