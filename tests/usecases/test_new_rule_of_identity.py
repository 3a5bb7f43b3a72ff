"""Stored song ids keep working under a later rule of identity, which gives songs other ids."""

from dataclasses import replace

from tests.fakes import ANNA, DAY, NOON, play, track
from tests.usecases.test_hidden import World
from topk.domain.account.profile import Profile
from topk.domain.play import Track
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import RULE, song_id
from topk.domain.song.marks import LONGEST_KEPT_NAME, SongMark, marked, spelling_of
from topk.domain.toplist.corrections import Correction, Corrections, Kind
from topk.domain.toplist.top_list import TopList
from topk.usecases.privacy.hide import migrate_hidden
from topk.usecases.privacy.read_hidden import read_hidden

DAWN, DUSK, RAIN = track("Dawn"), track("Dusk"), track("Rain")
FORMER = RULE - 1


def _by_former_rule(one: Track) -> SongMark:
    """How a record of the rule before stands for the song: by an id that nothing has today."""
    name = one.title.lower().ljust(16, "a")
    return SongMark((name,), (spelling_of(one),), rule=FORMER)


def _world() -> World:
    world = World()
    world.hears(*(play(one.title, NOON - (2 + at) * DAY) for at, one in enumerate((DAWN, DUSK))))
    world.hears(*(play(one.title, NOON - (15 + at) * DAY) for at, one in enumerate((DAWN, DUSK))))
    return world


def _hidden_by_former_rule() -> World:
    world, mark = _world(), _by_former_rule(DAWN)
    world.profiles.rows[ANNA] = Profile(hidden=Hidden(frozenset(mark.ids)))
    world.plays.name_hidden(ANNA, [mark], now=NOON)
    return world


def _titles(found: TopList | None) -> list[str]:
    assert found
    return [song.title for song in found.songs]


def test_a_hidden_song_stays_hidden() -> None:
    world = _hidden_by_former_rule()
    assert [song.title for song in world.read().top_list.songs] == ["Dusk"]
    world.aggregate()
    assert [song.title for song in world.read().top_list.songs] == ["Dusk"]
    found, _ = world.top_lists.get(ANNA)
    assert _titles(found) == ["Dawn", "Dusk"]


def test_after_a_rebuild_the_owner_sees_which_song_is_hidden() -> None:
    world = _hidden_by_former_rule()
    assert migrate_hidden(ANNA, plays=world.plays, profiles=world.profiles)
    assert not migrate_hidden(ANNA, plays=world.plays, profiles=world.profiles)
    assert song_id(DAWN) in world.profiles.rows[ANNA].hidden.songs
    world.aggregate()
    shown = read_hidden(ANNA, profiles=world.profiles, top_lists=world.top_lists, plays=world.plays)
    assert list(shown.songs) == [song_id(DAWN)], "the former id is not listed"


def test_showing_a_song_again_forgets_its_former_id_too() -> None:
    world = _hidden_by_former_rule()
    migrate_hidden(ANNA, plays=world.plays, profiles=world.profiles)
    world.unhide(Hidden(frozenset({song_id(DAWN)})))
    assert world.profiles.rows[ANNA].hidden == Hidden()
    assert world.plays.hidden(ANNA) == []
    assert [song.title for song in world.read().top_list.songs] == ["Dawn", "Dusk"]


def test_hiding_a_song_keeps_its_spelling() -> None:
    world = _world()
    world.aggregate()
    world.hide(Hidden(frozenset({song_id(DAWN)})))
    assert world.plays.hidden(ANNA) == [marked((song_id(DAWN),), [DAWN])]


def test_a_deletion_still_covers_its_song() -> None:
    gone = Deletions([Deletion(NOON, song=_by_former_rule(DAWN))])
    assert gone.cover(play("Dawn", NOON - DAY))
    assert not gone.cover(play("Dusk", NOON - DAY))


def test_corrections_still_reach_their_songs() -> None:
    merge = Correction(1, Kind.MERGE, (_by_former_rule(DAWN), _by_former_rule(DUSK)))
    split = Correction(2, Kind.SPLIT, (_by_former_rule(RAIN),))
    found = Corrections([merge, split]).songs([DAWN, DUSK, RAIN])
    together = {frozenset(one.title for one in tracks) for _, tracks in found}
    assert together == {frozenset({"Dawn", "Dusk"}), frozenset({"Rain"})}
    not_me = Correction(3, Kind.NOT_ME, (_by_former_rule(DAWN),), 0, NOON)
    assert Corrections([not_me]).disown(play("Dawn", NOON - DAY))


def test_rankings_of_earlier_weeks_are_made_again() -> None:
    world = _world()
    world.aggregate()
    found, version = world.top_lists.get(ANNA)
    assert found
    assert found.past
    former = replace(found, rule=FORMER, past=replace(found.past, places=(("former",),)))
    world.top_lists.rows[ANNA] = former, version
    world.aggregate()
    assert world.top_lists.get(ANNA)[0] == found


def test_a_very_long_spelling_is_not_kept() -> None:
    long = DAWN._replace(title="Dawn " * 50, artists=("x" * LONGEST_KEPT_NAME,))
    assert marked((song_id(long),), [long]).names == ()
