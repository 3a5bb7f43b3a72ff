"""Corrections: what they make of songs and plays, and that undoing them restores both."""

from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, track
from topk.domain.play import Play, Track, in_order
from topk.domain.song import joining
from topk.domain.song.identity import song_id
from topk.domain.song.joining import OfSong
from topk.domain.song.marks import mark_of, marked
from topk.domain.toplist.corrections import Correction, Corrections, Kind
from topk.domain.toplist.ranking import RankedSong, rank, ranking
from topk.domain.toplist.window import Window

ISRC = "GBAYE0601498"
RAIN = track("Rain", isrc=ISRC)
RAINN = track("Rainn", isrc=ISRC)
"""Another id, which the ISRC joins to Rain."""
RAIN_VIDEO = track("Rain (Official Video)")
"""The id of Rain in another spelling."""
DAWN, DUSK = track("Dawn"), track("Dusk")
TRACKS = (RAIN, RAINN, RAIN_VIDEO, DAWN, DUSK)
WINDOW = Window.current(NOON)


def _split(*apart: Track, at: int = 1, among: Iterable[Track] = TRACKS) -> Correction:
    others = [one for one in among if one not in apart]
    return Correction(at, Kind.SPLIT, (mark_of(apart, others),))


def _merge(one: Track, other: Track, at: int = 1) -> Correction:
    songs = (marked((song_id(one),), [one]), marked((song_id(other),), [other]))
    return Correction(at, Kind.MERGE, songs)


def _not_me(since: int, until: int, provider: str = "", *songs: Track) -> Correction:
    marks = (mark_of(songs, ()),) if songs else ()
    return Correction(1, Kind.NOT_ME, marks, since, until, provider)


def _together(found: Iterable[OfSong]) -> set[frozenset[str]]:
    return {frozenset(one.title for one in tracks) for _, tracks in found}


def _songs(*made: Correction) -> set[frozenset[str]]:
    return _together(Corrections(made).songs(TRACKS))


def _list(reports: Iterable[Play], *made: Correction) -> tuple[RankedSong, ...]:
    rules = Corrections(made)
    ((_, kept),) = rules.kept([(NOON, tuple(reports))])
    return ranking(in_order(kept), WINDOW, 30, grouped=rules.songs).songs


def test_the_tracks_are_what_the_tests_take_them_for() -> None:
    assert _songs() == {
        frozenset({"Rain", "Rainn", "Rain (Official Video)"}),
        frozenset({"Dawn"}),
        frozenset({"Dusk"}),
    }
    assert song_id(RAIN) == song_id(RAIN_VIDEO) != song_id(RAINN)


def test_an_id_that_an_isrc_joined_is_set_apart() -> None:
    made = _split(RAINN)
    assert frozenset({"Rainn"}) in _songs(made)
    ids = {ids for ids, _ in Corrections([made]).songs(TRACKS)}
    assert (song_id(RAINN),) in ids


def test_a_spelling_of_one_id_is_set_apart_under_an_id_of_its_own() -> None:
    found = Corrections([_split(RAIN_VIDEO)]).songs(TRACKS)
    assert frozenset({"Rain (Official Video)"}) in _together(found)
    assert frozenset({"Rain", "Rainn"}) in _together(found)
    assert len({name for ids, _ in found for name in ids}) == sum(len(ids) for ids, _ in found)


def test_a_track_set_apart_no_longer_joins_others() -> None:
    """Each of the outer two has another id; both share an ISRC with the one between alone."""
    other = "GBAYE0601499"
    left, right = track("Rainn", isrc=ISRC), track("Raiin", isrc=other)
    between = [track("Rain", isrc=ISRC), track("Rain", isrc=other, track_id="id-other")]
    tracks = [left, right, *between]
    assert len(joining.songs(tracks)) == 1
    found = Corrections([_split(*between, among=tracks)]).songs(tracks)
    assert len(found) == 3


def test_the_later_of_two_corrections_wins() -> None:
    merged = frozenset({"Dawn", "Dusk"})
    assert merged in _songs(_merge(DAWN, DUSK, 1))
    assert merged not in _songs(_merge(DAWN, DUSK, 1), _split(DAWN, at=2))
    assert merged in _songs(_split(DAWN, at=1), _merge(DAWN, DUSK, 2))


def test_the_order_in_which_corrections_are_read_changes_nothing() -> None:
    made = (_merge(DAWN, DUSK, 1), _split(DAWN, at=2), _split(RAINN, at=3), _merge(DAWN, RAIN, 4))
    assert len({frozenset(_songs(*order)) for order in permutations(made)}) == 1


def test_an_id_of_this_owner_alone_does_not_stand_for_a_merged_song() -> None:
    apart = _split(RAIN_VIDEO)
    (name,) = {ids[0] for ids, of in Corrections([apart]).songs(TRACKS) if of == [RAIN_VIDEO]}
    back = Correction(
        2, Kind.MERGE, (marked((name,), [RAIN_VIDEO]), marked((song_id(DAWN),), [DAWN]))
    )
    found = {frozenset(ids): ids for ids, _ in Corrections([apart, back]).songs(TRACKS)}
    assert found[frozenset({name, song_id(DAWN)})] == (song_id(DAWN), name)


def test_plays_that_were_not_the_owners_do_not_count() -> None:
    reports = [Play("spotify", DAWN, NOON - DAY * day) for day in (1, 2, 3)]
    begin = NOON - 2 * DAY
    assert [one.listen_count for one in _list(reports, _not_me(begin, begin + 1))] == [2]
    assert _list(reports, _not_me(0, NOON)) == ()
    assert _list(reports, _not_me(0, NOON, "lastfm")) == _list(reports)
    assert _list(reports, _not_me(0, NOON, "spotify", DUSK)) == _list(reports)
    assert _list(reports, _not_me(0, NOON, "spotify", DAWN)) == ()


@pytest.mark.parametrize(("at", "is_left"), [(-1, True), (0, False), (9, False), (10, True)])
def test_a_range_has_its_beginning_and_not_its_end(at: int, is_left: bool) -> None:
    begin = NOON - 2 * DAY
    found = _list([Play("spotify", DAWN, begin + at)], _not_me(begin, begin + 10))
    assert bool(found) == is_left


def test_the_same_correction_has_the_same_id_whenever_it_is_made() -> None:
    assert _split(RAINN, at=1).correction_id == _split(RAINN, at=2).correction_id
    one, other = _merge(DAWN, DUSK), _merge(DUSK, DAWN)
    assert one.correction_id == other.correction_id
    assert len({made.correction_id for made in (one, _split(DAWN), _not_me(1, 2))}) == 3


_reports = st.lists(
    st.builds(
        Play,
        st.sampled_from(["spotify", "lastfm"]),
        st.sampled_from(TRACKS),
        # An hour apart, so that no two reports may be one play.
        st.integers(0, 6 * 24).map(lambda hour: WINDOW.start + hour * 3600 + 1800),
    ),
    max_size=30,
    unique_by=lambda play: play.listened_at,
)
_sets = st.lists(st.sampled_from(TRACKS), min_size=1, max_size=3, unique=True)
_splits = st.builds(lambda apart, at: _split(*apart, at=at), _sets, st.integers(1, 9))
_pairs = st.lists(st.sampled_from(TRACKS), min_size=2, max_size=2, unique=True)
_merges = st.builds(lambda pair, at: _merge(pair[0], pair[1], at), _pairs, st.integers(1, 9))
_regroupings = st.lists(_splits | _merges, max_size=6)


@given(_reports, _regroupings)
def test_splitting_and_merging_keep_every_play(reports: list[Play], made: list[Correction]) -> None:
    counted = sum(song.listen_count for song in _list(reports, *made))
    assert counted == len(reports) == sum(song.listen_count for song in _list(reports))


@given(_regroupings)
def test_every_track_belongs_to_one_song_and_every_id_to_one(made: list[Correction]) -> None:
    found = Corrections(made).songs(TRACKS)
    assert sorted(one for _, tracks in found for one in tracks) == sorted(TRACKS)
    ids = [name for ids, _ in found for name in ids]
    assert len(ids) == len(set(ids))


@given(_reports)
def test_without_corrections_the_list_is_the_usual_one(reports: list[Play]) -> None:
    assert _list(reports) == rank(reports, WINDOW, 30)


@given(_reports, _regroupings, st.data())
def test_a_merge_may_be_repeated_and_made_in_any_order(
    reports: list[Play], made: list[Correction], data: st.DataObject
) -> None:
    merges = [Correction(10, one.kind, one.songs) for one in made if one.kind is Kind.MERGE]
    other = data.draw(st.permutations([*merges, *merges]))
    later = [Correction(10 + at, one.kind, one.songs) for at, one in enumerate(other)]
    assert _list(reports, *merges) == _list(reports, *later)


class _Counted(str):
    """An id that counts how often it is hashed or compared."""

    __slots__ = ()
    operations = 0

    def __hash__(self) -> int:
        _Counted.operations += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        _Counted.operations += 1
        return super().__eq__(other)


def _operations(number: int) -> int:
    """Of as many corrections of each kind over as many tracks."""
    tracks = [track(f"Song {at}") for at in range(number)]
    names = [_Counted(song_id(one)) for one in tracks]
    made = [
        Correction(at, kind, (marked((name,), ()), marked((names[at - 1],), ())), 0, NOON)
        for at, name in enumerate(names)
        for kind in Kind
    ]
    _Counted.operations = 0
    rules = Corrections(made)
    rules.songs(tracks)
    rules.kept([(NOON, tuple(Play("spotify", one, NOON - 60) for one in tracks))])
    return _Counted.operations


def test_ten_times_the_corrections_cost_at_most_n_log_n() -> None:
    once = _operations(20)
    assert _operations(200) <= 20 * once
