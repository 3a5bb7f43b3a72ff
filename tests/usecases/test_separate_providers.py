"""Where a tenant switched mixing off for a provider, its plays share no list with others."""

from dataclasses import replace

import pytest

from tests.fakes import ANNA, DAY, NOON, FakePlays, connection, play
from topk.domain.chunk import Chunk
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.provider_policies import (
    POLICIES,
    deletes_on_disconnect,
    restricts_mixing,
    shown_providers,
)
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import build_list

SPOTIFY = frozenset({"spotify"})


def _titles(*connected: str, separate: frozenset[str] = SPOTIFY) -> list[str]:
    plays = FakePlays()
    plays.append(
        Chunk(ANNA, name, NOON, name, (play(f"On {name}", NOON - days, provider=name),))
        for name in ("spotify", "lastfm", "youtube")
        for days in (2 * DAY, 15 * DAY)
    )
    history = replace(plays.begin_history(ANNA, 0)(), separate=separate)
    found = build_list(
        ANNA,
        Window.current(NOON),
        plays=plays,
        connected=[connection(provider=name) for name in connected],
        hidden=Hidden(),
        stored=None,
        history=history,
    )
    assert found.past
    assert len(found.past.places) == len(found.songs), "the week before follows the same rule"
    return sorted(song.title for song in found.songs)


@pytest.mark.parametrize(
    ("connected", "shown"),
    [
        (("spotify",), ["On spotify"]),
        (("spotify", "lastfm"), ["On lastfm", "On youtube"]),
        (("lastfm",), ["On lastfm", "On youtube"]),
        ((), ["On lastfm", "On youtube"]),
    ],
)
def test_a_separate_provider_is_shown_alone_or_left_out(
    connected: tuple[str, ...], shown: list[str]
) -> None:
    assert _titles(*connected) == shown


def test_by_default_all_are_mixed() -> None:
    everything = ["On lastfm", "On spotify", "On youtube"]
    assert _titles("spotify", "lastfm", separate=frozenset()) == everything


def test_two_separate_providers_are_both_left_out() -> None:
    shows = shown_providers(frozenset({"spotify", "lastfm"}), ["spotify", "lastfm"])
    assert not shows("spotify")
    assert not shows("lastfm")


def test_a_history_without_a_word_separates_nothing() -> None:
    assert History().separate == frozenset()


def test_the_terms_of_one_provider_demand_both() -> None:
    assert deletes_on_disconnect("spotify")
    assert restricts_mixing("spotify")
    for name in (*POLICIES.keys() - {"spotify"}, "partner"):
        assert not deletes_on_disconnect(name)
        assert not restricts_mixing(name)
