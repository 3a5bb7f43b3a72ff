"""One song has one id, whatever a provider calls it; another recording has another."""

import pytest

from topk.domain.play import Track
from topk.domain.song.identity import song_id, song_key
from topk.domain.song.joining import join
from topk.domain.song.recordings import compatible


def track(title: str, *artists: str, isrc: str = "", album: str = "") -> Track:
    return Track(track_id="1", title=title, artists=artists, isrc=isrc, album=album)


def test_an_id_is_stable_across_releases() -> None:
    """Clients store song ids: a change here is visible to them."""
    assert song_id(track("Hello", "Adele")) == "mx2qjhxu45fad56x"
    assert song_id(track("Lemon (Live)", "米津玄師")) == "h545ob4vcqw222uo"


def test_a_key_reads_as_title_artist_and_version() -> None:
    key = song_key(track("Fix You - Live in Buenos Aires (2018 Remaster)", "Coldplay - Topic"))
    assert key == ("fix you", "coldplay", ("aires", "buenos", "live"))


@pytest.mark.parametrize(
    ("artists", "main"),
    [
        (["Simon & Garfunkel"], "simon and garfunkel"),
        (["Simon & Garfunkel - Topic"], "simon and garfunkel"),
        (["Earth, Wind & Fire", "The Emotions"], "earth wind and fire"),
        (["Earth, Wind & Fire & The Emotions"], "earth wind and fire"),
        (["Tyler, The Creator"], "tyler the creator"),
        (["Florence + The Machine"], "florence and the machine"),
        (["Lil Nas X & Jack Harlow"], "lil nas x"),
        (["Jawsh 685 x Jason Derulo"], "jawsh 685"),
        (["A feat. B"], "a"),
        (["Beatles, The"], "beatles"),
        (["The The"], "the"),
        (["TheWeekndVEVO"], "weeknd"),
        (["AviciiOfficialVEVO"], "avicii"),
        (["(G)I-DLE"], "g i dle"),
        (["IU(아이유)"], "iu"),
        (["!!!"], "!!!"),
        (["", "Adele"], "adele"),
        ([], ""),
    ],
)
def test_the_main_artist_is_the_first_in_the_credit(artists: list[str], main: str) -> None:
    assert song_key(track("Song", *artists)).artist == main


@pytest.mark.parametrize(
    "title",
    """Live|Remix|Official Video|Remastered|Single|Intro|(Live)|- Single|HD|[MV]|feat. Nobody
    (feat. Nobody)|Radio Edit|???|🔥|…""".replace("\n    ", "|").split("|"),
)
def test_a_title_of_noise_words_only_is_kept(title: str) -> None:
    assert song_key(track(title, "Somebody")).title
    assert song_id(track(title, "Somebody")) != song_id(track("", "Somebody"))


@pytest.mark.parametrize(
    ("title", "song"),
    [
        ("6 Ft. 7 Ft.", "6 ft 7 ft"),
        ("1999 ft. Troye Sivan", "1999"),
        ("Rock'n'Roll Star", "rock and roll star"),
        ("Parts I & II", "part 1 2"),
        ("Dancing (With Myself)", "dancing with myself"),
        ("Dancing (With Lyrics)", "dancing"),
        ("(Love (Live", "love"),
    ],
)
def test_a_title_is_reduced_to_its_words(title: str, song: str) -> None:
    assert song_key(track(title, "Somebody")).title == song


def test_titles_of_noise_words_only_differ_from_each_other() -> None:
    titles = [
        "Live",
        "Remix",
        "Official Video",
        "Remastered",
        "Single",
        "Lyrics",
        "1999 (Remaster)",
    ]
    assert len({song_id(track(title, "Somebody")) for title in titles}) == len(titles)


@pytest.mark.parametrize(
    ("title", "song", "version"),
    [
        ("Bad Company - Live", "bad company", ("live",)),
        ("Bad Company - 2015 Remaster", "bad company", ()),
        ("Bad Company - Bad Company (Official Video)", "bad company", ()),
        ("Bad Company - Live (Official Video)", "live", ()),
        ("Bad Company - Long Live", "long live", ()),
        ("Long Live - Bad Company", "long live", ()),
    ],
)
def test_a_band_may_name_a_song_after_itself(
    title: str, song: str, version: tuple[str, ...]
) -> None:
    assert song_key(track(title, "Bad Company")) == (song, "bad company", version)


@pytest.mark.parametrize(("one", "other"), [("はは", "ばば"), ("パリ", "バリ"), ("мой", "мои")])
def test_marks_that_are_letters_are_kept(one: str, other: str) -> None:
    assert song_id(track(one, "X")) != song_id(track(other, "X"))


def test_a_hostile_title_is_read_only_up_to_the_maximum_length() -> None:
    assert len(song_key(track("(" * 10_000_000, "x" * 10_000_000)).title) <= 300


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Colours", "Colors"),
        ("(I Can't Get No) Satisfaction", "Satisfaction"),
        ("강남스타일", "Gangnam Style"),
        ("Song (Live)", "Song - Live at Wembley"),
    ],
)
def test_a_shared_isrc_joins_related_titles(one: str, other: str) -> None:
    a, b = track(one, "X", isrc="USRC17607839"), track(other, "X", isrc="us-rc1-76-07839")
    songs = {song_id(a): [a], song_id(b): [b]}
    assert compatible(a, b)
    assert set(join(songs).values()) == {min(songs)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stay", "Stay (Live)"),
        ("Stay (Tiësto Remix)", "Stay (Avicii Remix)"),
        ("Love Story", "Love Story (Taylor's Version)"),
        ("Crazy", "Crazy in Love"),
        ("Runaway, Pt. 1", "Runaway, Pt. 2"),
        ("Intro", "Interlude"),
    ],
)
def test_a_shared_isrc_does_not_join_incompatible_titles(one: str, other: str) -> None:
    a, b = track(one, "X", isrc="USRC17607839"), track(other, "X", isrc="USRC17607839")
    songs = {song_id(a): [a], song_id(b): [b]}
    assert not compatible(a, b)
    assert join(songs) == {song: song for song in songs}


@pytest.mark.parametrize("isrc", ["", "0", "unknown", "USRC1760783"])
def test_an_invalid_isrc_joins_nothing(isrc: str) -> None:
    a, b = track("Colours", "X", isrc=isrc), track("Colors", "X", isrc=isrc)
    songs = {song_id(a): [a], song_id(b): [b]}
    assert join(songs) == {song: song for song in songs}


def test_any_track_of_a_song_may_have_the_shared_isrc() -> None:
    bare, coded = track("Colours", "X"), track("Colours", "X", isrc="USRC17607839")
    other = track("Colors", "X", isrc="USRC17607839")
    songs = {song_id(bare): [bare, coded], song_id(other): [other]}
    assert len(set(join(songs).values())) == 1


@pytest.mark.parametrize("credit", ["Release - Topic", "Music Library Uploads", ""])
def test_songs_of_unknown_artists_match_only_as_the_same_track(credit: str) -> None:
    one, again, other = (Track(track_id, "Intro", (credit,)) for track_id in ("1", "1", "2"))
    assert song_id(one) == song_id(again)
    assert song_id(one) != song_id(other)
    assert song_id(one) != song_id(track("Intro", "The xx"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (track("봄날", "BTS"), track("봄날 (Spring Day)", "방탄소년단")),
        (track("Кукушка", "Полина Гагарина"), track("Kukushka", "Polina Gagarina")),
        (track("Tum Hi Ho", "Arijit Singh"), track("तुम ही हो", "Arijit Singh")),
        (
            track("Sunflower", "Post Malone", "Swae Lee"),
            track("Sunflower", "Swae Lee", "Post Malone"),
        ),
        (track("Für immer", "Die Ärzte"), track("Fuer immer", "Die Aerzte")),
    ],
)
def test_different_names_of_one_song_are_joined_in_an_owners_list(one: Track, other: Track) -> None:
    songs = {song_id(one): [one], song_id(other): [other]}
    assert len(songs) == 2
    assert set(join(songs).values()) == {min(songs)}


def test_two_songs_that_sound_alike_are_not_joined_to_another_script() -> None:
    titles = ["Кукушка", "Какашка", "Kukushka"]
    songs = {song_id(one): [one] for one in (track(title, "X") for title in titles)}
    assert join(songs) == {song: song for song in songs}
