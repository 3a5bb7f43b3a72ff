"""privacy: the caller's corrections of their list."""

import pytest

from tests.functions.conftest import Stage
from topk.domain.limits import CHANGES_SECONDS, MOST_CHANGES, MOST_UNCOUNTED_CHANGES


def _counts(stage: Stage, fixture: str = "read/mine") -> dict[str, int]:
    return {one["title"]: one["listen_count"] for one in stage.ask(fixture)[1]["songs"]}


def test_songs_are_merged_for_everybody_until_that_is_undone(stage: Stage) -> None:
    before = stage.ask("read/mine")[1]
    assert _counts(stage) == {"Northern Light": 3, "Paper Boats": 2, "Slow River": 1}
    status, made = stage.ask("privacy/merge")
    assert (status, made["kind"]) == (201, "merge")
    assert [song["title"] for song in made["songs"]] == ["Paper Boats", "Slow River"]
    for fixture in ("read/mine", "read/top"):
        # One provider reports both songs for one moment, which is one play of the merged song.
        assert _counts(stage, fixture) == {"Northern Light": 3, "Paper Boats": 2}
    assert stage.ask("privacy/corrections")[1]["corrections"] == [made]
    for _ in range(2):
        assert stage.ask("privacy/undo_merge") == (204, None)
        assert stage.ask("read/mine")[1] == before
    assert stage.ask("privacy/corrections")[1]["corrections"] == []


def test_the_response_names_the_path_that_undoes_it(stage: Stage) -> None:
    answer = stage.play("privacy/merge")
    made = stage.ask("privacy/corrections")[1]["corrections"][0]
    assert answer["headers"]["location"] == f"/v1/me/corrections/{made['correction_id']}"


@pytest.mark.parametrize(
    ("fixture", "counts"),
    [
        ("not_me", {"Paper Boats": 2, "Slow River": 1}),
        ("not_me_a_time", {"Northern Light": 2, "Paper Boats": 1, "Slow River": 1}),
    ],
)
def test_plays_that_were_not_the_callers_leave_the_list(
    stage: Stage, fixture: str, counts: dict[str, int]
) -> None:
    assert stage.ask(f"privacy/{fixture}")[0] == 201
    assert _counts(stage) == counts


def test_spellings_are_listed_and_one_is_set_apart(stage: Stage) -> None:
    found = stage.ask("privacy/spellings")[1]["spellings"]
    assert {(one["title"], one["reports"]) for one in found} == {
        ("Slow River", 1),
        ("Slow River (Official Video)", 1),
    }
    status, made = stage.ask("privacy/split")
    assert (status, made["kind"]) == (201, "split")
    assert made["songs"][0]["singers"] == ["The Lanterns"]


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("merge_one_song", 400, "song_ids"),
        ("merge_wrong_type", 400, "song_ids"),
        ("correct_unknown_kind", 400, "kind"),
        ("correct_malformed", 400, "body"),
        ("not_me_in_future", 400, "until"),
        ("not_me_malformed_provider", 400, "provider"),
        ("split_of_nothing", 400, "spellings"),
        ("split_malformed_spelling", 400, "spellings"),
        ("undo_malformed", 400, "correction_id"),
        ("corrections_unauthorised", 401, "token"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answered, body = stage.ask(f"privacy/{fixture}")
    assert (answered, body["field"]) == (status, field)
    assert stage.changed == {}


@pytest.mark.parametrize("fixture", ["merge_unplayed", "spellings_unplayed"])
def test_a_song_that_was_never_played_is_not_found(stage: Stage, fixture: str) -> None:
    assert stage.ask(f"privacy/{fixture}")[0] == 404
    assert stage.changed == {}


def test_the_export_has_the_correction_and_tells_which_plays_it_disowns(stage: Stage) -> None:
    stage.ask("privacy/not_me")
    document = stage.ask("export/mine")[1]
    (made,) = document["corrections"]
    assert (made["kind"], made["provider"]) == ("not_me", "spotify")
    disowned = [play["title"] for play in document["plays"] if play["not_me"]]
    assert disowned == ["Northern Light"] * 3


def test_the_share_card_shows_the_corrected_list(stage: Stage) -> None:
    assert stage.play("account/change")["statusCode"] == 200, "which makes the list public"
    assert "Northern Light" in stage.play("card/link")["body"]
    stage.ask("privacy/not_me")
    assert "Northern Light" not in stage.play("card/link")["body"]


def test_a_flood_of_corrections_is_refused_until_the_window_ends(stage: Stage) -> None:
    allowed = MOST_CHANGES + MOST_UNCOUNTED_CHANGES
    answers = [stage.play("privacy/undo_merge") for _ in range(allowed + 1)]
    assert [one["statusCode"] for one in answers] == [204] * allowed + [429]
    assert answers[-1]["headers"]["retry-after"] == str(CHANGES_SECONDS)
