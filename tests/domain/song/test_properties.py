"""Properties of song identity that hold for every title."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from topk.domain.play import Track
from topk.domain.song.display import shown
from topk.domain.song.identity import song_id, song_key
from topk.domain.song.joining import join
from topk.domain.song.recordings import compatible


def one_of(parts: str) -> st.SearchStrategy[str]:
    """One of the parts separated by "¦" or a line break."""
    return st.sampled_from([part for line in parts.splitlines() for part in line.split("¦")])


# Lone surrogates included: JSON can carry them.
ANY = st.text(st.characters(exclude_categories=()), max_size=60)
# Letters that spell no word of the vocabulary of versions and decorations.
WORDS = st.lists(
    st.text("cdghjkqrstuwyzéøщжяλ2468", min_size=3, max_size=8), min_size=1, max_size=4
).map(" ".join)
SIGNS = one_of(
    """(¦)¦[¦]¦'¦"¦ / ¦ - ¦ | ¦, ¦: ¦ & ¦ and ¦ x ¦ n ¦the ¦ feat. ¦ ft. ¦ Pt. ¦ II
 Live¦ Remix¦ - Live at ¦ Remastered 2011¦(Official Video)¦Official ¦[HD]¦ - Topic¦VEVO"""
)
SHAPED = st.lists(st.one_of(WORDS, SIGNS), max_size=8).map("".join)
TITLES = st.one_of(ANY, SHAPED)
CREDITS = st.one_of(st.lists(st.text(max_size=30), max_size=3).map(tuple), st.tuples(SHAPED))
DECORATION = one_of(
    """ (Official Video)¦ (Official Music Video)¦ [Official Audio]¦ (Lyrics)¦ [MV]¦ (Audio)¦ [HD]
 (4K)¦ (Visualizer)¦ 【Official Video】¦ [Explicit]¦ (Clean)¦ - Single¦ (Deluxe Edition)
 (Remastered)¦ (2011 Remaster)¦ - Remastered 2011¦ - 2009 Remaster¦ - Radio Edit¦ (Album Version)
 (feat. Somebody Else)¦ [ft. Nobody]¦ ft. Somebody Else¦ (with Jane Doe)¦ (From "A Film")
 (Official Lyric Video)¦ (Bonus Track)"""
)
VERSION = one_of(
    """Live¦Live at Wembley¦Remix¦Somebody Remix¦Acoustic¦Instrumental¦Karaoke Version¦Demo
Sped Up¦Slowed + Reverb¦Extended Mix¦Taylor's Version¦Re-recorded¦Radiohead Cover"""
)
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


def track(title: str, *artists: str, isrc: str = "") -> Track:
    return Track(track_id="1", title=title, artists=artists, isrc=isrc)


@given(TITLES, CREDITS, st.text(max_size=20))
@example("\ud800", ("\udfff",), "")
def test_every_track_has_an_id_that_the_album_does_not_change(
    title: str, artists: tuple[str, ...], album: str
) -> None:
    found = song_id(track(title, *artists))
    assert len(found) == 16
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert song_id(Track("1", title, artists, album=album, duration=7, isrc="x", url="y")) == found


@given(TITLES, CREDITS)
@example("", ("x vevo-y-b",))
@example("&N%N&", ())
def test_normalising_a_key_again_changes_nothing(title: str, artists: tuple[str, ...]) -> None:
    key = song_key(track(title, *artists))
    again = song_key(track(key.title, key.artist))
    assert (again.title, again.artist, again.version) == (key.title, key.artist, ())


@given(TITLES.filter(str.strip), CREDITS)
def test_no_title_normalises_to_an_empty_key(title: str, artists: tuple[str, ...]) -> None:
    assert song_key(track(title, *artists)).title


@given(WORDS, WORDS)
def test_case_width_and_space_are_ignored(title: str, artist: str) -> None:
    found = song_id(track(title, artist))
    assert song_id(track(title.upper(), artist.title())) == found
    assert song_id(track(title.translate(WIDE), artist.translate(WIDE))) == found
    assert song_id(track(f"\t{title}  ", f"\n {artist} ")) == found


@given(WORDS, WORDS, st.lists(DECORATION, max_size=3).map("".join))
def test_decoration_is_ignored(title: str, artist: str, decoration: str) -> None:
    assume(title.replace(" ", "") != artist.replace(" ", ""))
    assert song_id(track(title + decoration, artist)) == song_id(track(title, artist))


@given(WORDS, WORDS, DECORATION)
def test_the_artist_in_a_video_title_is_ignored(title: str, artist: str, decoration: str) -> None:
    assume(title.replace(" ", "") != artist.replace(" ", ""))
    found = song_id(track(title, artist))
    assert song_id(track(f"{artist} - {title}{decoration}", f"{artist} - Topic")) == found
    assert song_id(track(f"{artist} - {title}{decoration}", artist)) == found


@given(WORDS, WORDS, VERSION, VERSION)
def test_a_version_separates_songs_in_any_notation(
    title: str, artist: str, version: str, other: str
) -> None:
    assume(title.replace(" ", "") != artist.replace(" ", ""))
    found = song_id(track(f"{title} ({version})", artist))
    assert found != song_id(track(title, artist))
    assert found == song_id(track(f"{title} - {version}", artist))
    assert (found == song_id(track(f"{title} [{other}]", artist))) == (version == other)


ISRCS = one_of("USRC17607839¦us-rc1-76-07839¦GBAYE0601498¦GBAYE0601499¦0¦")
SONGS = st.builds(
    lambda title, artists, isrc: track(title, *artists.split("|"), isrc=isrc),
    one_of(
        """Hello¦Hello (Live)¦Hello (Remix)¦Hello, Pt. 1¦Hello, Pt. 2¦Helo¦안녕¦Halo¦안녕 (Hello)
Кукушка¦Kukushka¦Кукушка (Cuckoo)¦Какушка¦Für dich¦Fuer dich¦Sonata: I. Allegro¦Sonata: II. Allegro
Adele - Hello (Official Video)¦夜に駆ける - Yoru ni Kakeru¦夜に駆ける"""
    ),
    one_of(
        "Adele¦Adèle & Friends¦アデル¦Adele|Friends¦Friends|Adele¦Адель¦AdeleVEVO¦Release - Topic"
    ),
    ISRCS,
)
PLAYED = st.lists(SONGS, max_size=12)


def by_id(songs: list[Track]) -> dict[str, list[Track]]:
    found: dict[str, list[Track]] = {}
    for song in songs:
        found.setdefault(song_id(song), []).append(song)
    return found


@given(PLAYED, st.data())
def test_joining_ignores_order_and_repetition(songs: list[Track], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(songs + songs[:3]))
    assert join(by_id(shuffled)) == join(by_id(songs))


@given(PLAYED)
def test_joining_again_changes_nothing(songs: list[Track]) -> None:
    joined = join(by_id(songs))
    assert joined.keys() == by_id(songs).keys()
    again: dict[str, list[Track]] = {}
    for song in songs:
        again.setdefault(joined[song_id(song)], []).append(song)
    assert join(again) == {song: song for song in again}


@given(PLAYED)
def test_joining_never_mixes_versions_or_parts(songs: list[Track]) -> None:
    tracks = by_id(songs)
    for song, stands_for in join(tracks).items():
        mine, yours = song_key(tracks[song][0]), song_key(tracks[stands_for][0])
        assert mine.version == yours.version
        assert ("1" in mine.title, "2" in mine.title) == ("1" in yours.title, "2" in yours.title)
        assert ("sonata i" in mine.title) == ("sonata i" in yours.title)
        assert ("ii" in mine.title.split()) == ("ii" in yours.title.split())


@given(SONGS, SONGS)
def test_comparing_two_tracks_is_symmetric(one: Track, other: Track) -> None:
    assert join(by_id([one, other])) == join(by_id([other, one]))


@given(SHAPED, SHAPED, CREDITS, st.booleans())
def test_displayed_text_is_part_of_the_reported_text(
    title: str, album: str, artists: tuple[str, ...], catalogue: bool
) -> None:
    one = Track("1", title, artists, album=album, isrc="USRC17607839" if catalogue else "")
    shown_title, singers = shown(one)
    assert shown_title in title
    assert len(singers) <= max(len(artists), 1)
    if catalogue:
        assert (shown_title, singers) == (title, artists)


@given(SONGS, SONGS)
def test_compatibility_is_symmetric(one: Track, other: Track) -> None:
    assert compatible(one, one)
    assert compatible(one, other) == compatible(other, one)
