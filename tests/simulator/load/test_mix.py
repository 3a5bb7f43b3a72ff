from collections import Counter
from random import Random

from simulator.load.mix import FEED_SONGS, SHARES, Caller, Mix

API = "http://api.example"
USERS = [f"user{number}" for number in range(40)]
CALLERS = [
    Caller(API, user, f"fake-token-{user}", [one for one in USERS if one != user]) for user in USERS
]


def drawn(times: int, songs: str | None = "/v1/me/following/songs") -> list[tuple[str, str, str]]:
    mix = Mix(CALLERS, songs_of_feed=songs, dice=Random(7))
    calls = [mix.call() for _ in range(times)]
    return [(call.kind, call.method, call.url.removeprefix(API)) for call in calls]


def test_each_kind_has_its_share() -> None:
    kinds = Counter(kind for kind, _, _ in drawn(20_000))
    for kind, percent in SHARES.items():
        assert abs(kinds[kind] / 200 - percent) < 1.5, kind


def test_only_changes_write() -> None:
    assert {method for kind, method, _ in drawn(2_000) if kind != "change"} == {"GET"}
    assert {method for kind, method, _ in drawn(2_000) if kind == "change"} == {"DELETE", "PATCH"}


def test_views_of_popular_users_follow_zipfs_law() -> None:
    looks = Counter(path for kind, _, path in drawn(20_000) if kind == "profile")
    first, tenth = (looks[f"/v1/users/user{number}/top"] for number in (0, 9))
    assert 7 < first / tenth < 13


def test_without_a_route_for_its_songs_the_feed_is_asked_for() -> None:
    kinds = Counter(kind for kind, _, _ in drawn(2_000, songs=None))
    assert FEED_SONGS not in kinds


def test_a_user_without_follows_views_their_own_list() -> None:
    mix = Mix([Caller(API, "lone", "fake-token", [])], songs_of_feed=None, dice=Random(1))
    paths = {mix.call().url.removeprefix(API) for _ in range(300)}
    assert "/v1/users/lone/top" in paths
