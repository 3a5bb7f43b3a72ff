"""read: lists as the API shows them to viewers with access."""

import pytest

from tests.functions.conftest import Stage


def test_shows_a_follower_the_list_with_all_that_a_page_needs(stage: Stage) -> None:
    status, body = stage.ask("read/top")
    assert status == 200
    assert [(song["title"], song["listen_count"]) for song in body["songs"]] == [
        ("Northern Light", 3),
        ("Paper Boats", 2),
        ("Slow River", 1),
    ]
    assert body["songs"][0] == {
        "song_id": body["songs"][0]["song_id"],
        "title": "Northern Light",
        "description": "Northern Light by The Lanterns, from Harbour Lights",
        "singers": ["The Lanterns"],
        "albums": ["Harbour Lights"],
        "listen_count": 3,
        "url": "https://open.spotify.com/track/fakeNorthernLight",
        "thumbnail_image": "https://i.scdn.co/image/fake",
        "providers": ["spotify"],
        "movement": {"direction": "new", "places": 0},
        "weeks_at_top": 1,
    }
    assert len(body["songs"][0]["song_id"]) == 16
    assert (body["user_id"], body["as_of"], body["stale"]) == ("anna", "2026-11-22", False)


def test_shows_the_requested_number_of_songs(stage: Stage) -> None:
    _, body = stage.ask("read/top_three")
    assert len(body["songs"]) == 3


def test_shows_artists_with_all_that_a_page_needs(stage: Stage) -> None:
    status, body = stage.ask("read/top_artists")
    assert (status, body["of"], body["window"]["name"]) == (200, "artists", "7d")
    assert "songs" not in body
    first, *_ = body["artists"]
    assert first == {
        "artist_id": first["artist_id"],
        "name": "The Lanterns",
        "listen_count": first["listen_count"],
        "song_count": first["song_count"],
        "thumbnail_image": "https://i.scdn.co/image/fake",
        "providers": ["spotify"],
    }
    assert sum(one["listen_count"] for one in body["artists"]) + body["plays_without_artist"] == 6


def test_shows_albums_of_four_weeks(stage: Stage) -> None:
    status, body = stage.ask("read/top_albums")
    assert (status, body["of"], body["window"]["name"]) == (200, "albums", "4w")
    assert body["completeness"]["of_days"] == 28
    assert body["albums"][0]["title"] == "Harbour Lights"


def test_todays_list_is_provisional_and_of_one_day(stage: Stage) -> None:
    for fixture in ("top_today", "mine_today"):
        status, body = stage.ask(f"read/{fixture}")
        assert (status, body["provisional"], body["as_of"]) == (200, True, "2026-11-22")
        assert body["window"]["end"] - body["window"]["start"] == 86_400
        assert (body["completeness"]["complete_days"], body["completeness"]["of_days"]) == (0, 1)


def test_fifty_songs_begin_with_those_that_are_kept(stage: Stage) -> None:
    assert stage.ask("read/top_fifty") == stage.ask("read/top")


def test_public_artists_need_a_public_list(stage: Stage) -> None:
    assert stage.play("read/public_artists") == stage.play("read/public_nobody")
    stage.play("account/change")
    status, body = stage.ask("read/public_artists")
    assert (status, body["artists"][0]["name"]) == (200, "The Lanterns")


@pytest.mark.parametrize("fixture", ["top_not_followed", "top_nobody", "top_other_tenant"])
def test_a_viewer_without_access_gets_the_response_for_an_unknown_user(
    stage: Stage, fixture: str
) -> None:
    assert stage.ask(f"read/{fixture}") == stage.ask("read/top_nobody")
    assert stage.ask(f"read/{fixture}")[0] == 404


@pytest.mark.parametrize(
    ("fixture", "field"),
    [
        ("top_k_too_large", "k"),
        ("top_k_zero", "k"),
        ("top_k_word", "k"),
        ("top_malformed_user", "user_id"),
        ("following_bad_cursor", "cursor"),
        ("top_of_unknown", "of"),
        ("top_window_unknown", "window"),
    ],
)
def test_bad_input_names_the_field(stage: Stage, fixture: str, field: str) -> None:
    status, body = stage.ask(f"read/{fixture}")
    assert (status, body["field"]) == (400, field)


def test_shows_the_callers_own_list(stage: Stage) -> None:
    _, body = stage.ask("read/mine")
    assert (body["user_id"], len(body["songs"])) == ("anna", 3)


def test_shows_the_completeness_and_only_to_the_owner_the_account_alerts(
    stage: Stage,
) -> None:
    completeness = {"complete_days": 0, "of_days": 7, "suspected_gaps": [], "inferred_share": 0.0}
    assert stage.ask("read/top")[1]["completeness"] == completeness
    own = completeness | {"providers_needing_attention": [], "duplicate_accounts": []}
    assert stage.ask("read/mine")[1]["completeness"] == own


def test_viewing_an_outdated_list_queues_crawls_once(stage: Stage) -> None:
    stage.play("read/top")
    asked = {f"queue topk-{name}" for name in ("apple_music", "spotify", "youtube")}
    assert set(stage.changed) == {"connections", "top_lists"} | asked
    before = stage.changed
    stage.play("read/top")
    assert stage.changed == before


def test_a_user_without_accounts_gets_an_empty_list(stage: Stage) -> None:
    status, body = stage.ask("read/mine_without_accounts")
    assert (status, body["songs"], body["completeness"]["complete_days"]) == (200, [], 0)


def test_shows_the_lists_of_followed_users(stage: Stage) -> None:
    status, body = stage.ask("read/following")
    assert status == 200
    assert [found["user_id"] for found in body["lists"]] == ["anna"]
    assert body["cursor"] is None


def test_no_response_is_cacheable_by_a_shared_cache(stage: Stage) -> None:
    assert stage.play("read/top")["headers"]["cache-control"] == "private, no-store"


def test_many_lists_come_in_the_order_asked_without_those_that_may_not_be_seen(
    stage: Stage,
) -> None:
    status, body = stage.ask("read/many")
    assert status == 200
    shown = [(one["user_id"], len(one["songs"])) for one in body["lists"]]
    assert shown == [("anna", 2)], "carla may not be seen, and nobody does not exist"
    _, alone = stage.ask("read/top_three")
    assert body["lists"][0] == alone | {"songs": alone["songs"][:2]}


def test_a_call_names_one_to_fifty_users(stage: Stage) -> None:
    assert stage.ask("read/many_empty")[0] == 400
    assert stage.ask("read/many_too_many")[0] == 413
