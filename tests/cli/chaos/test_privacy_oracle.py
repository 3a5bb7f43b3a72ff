"""A confirmed privacy setting applies to every read that starts after it, and to none before."""

import pytest

from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from simulator.listeners.catalogue import build_catalogue
from topk.domain.owner import Owner

ANNA = Owner("harbor", "anna")
SONGS = build_catalogue(1, 20)


def shown(place: int) -> dict[str, object]:
    song = SONGS[place]
    return {"url": f"https://music.example/{song.apple_id}", "title": song.title, "singers": []}


@pytest.fixture
def oracle() -> PrivacyOracle:
    return PrivacyOracle(SongFinder(SONGS))


def test_a_hidden_song_that_is_shown_breaks_a_promise(oracle: PrivacyOracle) -> None:
    oracle.hidden[ANNA][7] = 100
    oracle.check_view(ANNA, 90, [shown(7)])
    oracle.check_view(ANNA, 110, [shown(6)])
    assert oracle.broken == []
    oracle.check_view(ANNA, 110, [shown(6), shown(7)])
    assert oracle.broken == ["harbor#anna: a hidden song was shown"]


def test_a_withdrawn_list_is_not_shown(oracle: PrivacyOracle) -> None:
    oracle.private[ANNA] = 100
    oracle.check_view(ANNA, 90, [])
    assert oracle.broken == []
    oracle.check_view(ANNA, 110, [])
    assert oracle.broken == ["harbor#anna: a private list was shown"]


def test_an_erased_user_is_not_shown(oracle: PrivacyOracle) -> None:
    oracle.erased[ANNA] = 100
    oracle.check_view(ANNA, 110, [])
    assert oracle.broken == ["harbor#anna: the list of an erased user was shown"]


def test_plays_up_to_a_deletion_do_not_count(oracle: PrivacyOracle) -> None:
    oracle.deleted[ANNA].append((7, 100))
    counted = [oracle.counts(ANNA, song, at) for song, at in ((7, 100), (7, 101), (6, 100))]
    assert counted == [False, True, True]


def test_an_event_contains_no_song_hidden_before_its_sender_can_have_started(
    oracle: PrivacyOracle,
) -> None:
    oracle.hidden_ids[ANNA]["song-7"] = 100
    oracle.check_announcement(ANNA, 90, [{"song_id": "song-7"}])
    oracle.check_announcement(ANNA, 110, [{"song_id": "song-6"}])
    assert oracle.broken == []
    oracle.check_announcement(ANNA, 110, [{"song_id": "song-6"}, {"song_id": "song-7"}])
    assert oracle.broken == ["harbor#anna: a hidden song was announced"]


def test_withdrawn_and_erased_users_are_not_announced(oracle: PrivacyOracle) -> None:
    oracle.private[ANNA] = oracle.erased[ANNA] = 100
    oracle.check_announcement(ANNA, 110, [])
    assert oracle.broken == [
        "harbor#anna: a private list was announced",
        "harbor#anna: the list of an erased user was announced",
    ]
