"""Which artist and which album a play counts for."""

from topk.domain.play import Play, Track, in_order
from topk.domain.toplist.albums import RankedAlbum, top_albums
from topk.domain.toplist.artists import RankedArtist, top_artists
from topk.domain.toplist.ranking import songs_played
from topk.domain.toplist.window import Window

WINDOW = Window.current(1_795_348_800)
START = WINDOW.start


def heard(*tracks: Track, provider: str = "spotify") -> list[Play]:
    return [Play(provider, track, START + at * 7200) for at, track in enumerate(tracks)]


def by(title: str, *artists: str, album: str = "", image: str = "") -> Track:
    return Track(f"id-{title}-{artists}", title, artists, album, 200, image=image)


def artists(plays: list[Play]) -> tuple[tuple[RankedArtist, ...], int]:
    return top_artists(songs_played(in_order(plays), WINDOW).songs, 50)


def albums(plays: list[Play]) -> tuple[tuple[RankedAlbum, ...], int]:
    return top_albums(songs_played(in_order(plays), WINDOW).songs, 50)


def names(plays: list[Play]) -> list[tuple[str, int]]:
    return [(one.name, one.listen_count) for one in artists(plays)[0]]


def titles(plays: list[Play]) -> list[tuple[str, str, int]]:
    return [(one.title, one.artist, one.listen_count) for one in albums(plays)[0]]


def test_a_play_counts_for_the_main_artist_and_not_for_featured_ones() -> None:
    plays = heard(
        by("Dawn", "The Lanterns", "Paper Boats"),
        by("Dusk (feat. Paper Boats)", "The Lanterns"),
        by("Rain", "The Lanterns feat. Paper Boats"),
        by("Noon", "Paper Boats"),
    )
    assert names(plays) == [("The Lanterns", 3), ("Paper Boats", 1)]


def test_spellings_of_an_artist_are_one() -> None:
    plays = heard(
        by("Dawn", "The Lanterns"),
        by("Dusk", "Lanterns - Topic"),
        by("Rain", "TheLanternsVEVO"),
        by("Noon", "The Lanterns"),
    )
    assert names(plays) == [("The Lanterns", 4)]


def test_an_artist_in_two_scripts_is_one() -> None:
    assert [count for _, count in names(heard(by("Dawn", "Мумий Тролль")))] == [1]
    plays = heard(by("Dawn", "Кино"), by("Dusk", "Kino"), by("Rain", "Kino"))
    assert names(plays) == [("Kino", 3)]


def test_a_song_joined_from_several_credits_counts_once_for_one_artist() -> None:
    one, other = (
        by("Dawn", "The Lanterns", "Paper Boats"),
        by("Dawn", "Paper Boats", "The Lanterns"),
    )
    plays = heard(one, other, one)
    assert names(plays) == [("The Lanterns", 3)]


def test_plays_without_an_artist_are_counted() -> None:
    found, unknown = artists(heard(by("Dawn"), by("Dusk", "The Lanterns")))
    assert ([one.name for one in found], unknown) == (["The Lanterns"], 1)


def test_an_artist_has_the_songs_the_cover_and_the_providers_of_the_plays() -> None:
    plays = [
        *heard(by("Dawn", "The Lanterns", image="https://i.example/1")),
        *(
            play._replace(listened_at=play.listened_at + 86_400)
            for play in heard(by("Dusk", "The Lanterns"), provider="youtube")
        ),
    ]
    (found,), _ = artists(plays)
    assert (found.song_count, found.image) == (2, "https://i.example/1")
    assert found.providers == ("spotify", "youtube")
    assert found.last_listened_at == START + 86_400


def test_editions_of_an_album_are_one_and_a_concert_is_another() -> None:
    plays = heard(
        by("Dawn", "The Lanterns", album="Harbour Lights"),
        by("Dusk", "The Lanterns", album="Harbour Lights (Deluxe Edition)"),
        by("Noon", "The Lanterns", album="Harbour Lights"),
        by("Rain", "The Lanterns", album="Harbour Lights (Live)"),
    )
    assert titles(plays) == [
        ("Harbour Lights", "The Lanterns", 3),
        ("Harbour Lights (Live)", "The Lanterns", 1),
    ]


def test_albums_of_one_title_by_two_artists_are_two() -> None:
    plays = heard(
        by("Dawn", "The Lanterns", album="Greatest Hits"),
        by("Rain", "Paper Boats", album="Greatest Hits"),
        by("Dusk", "The Lanterns", album="Greatest Hits"),
    )
    assert titles(plays) == [
        ("Greatest Hits", "The Lanterns", 2),
        ("Greatest Hits", "Paper Boats", 1),
    ]


def test_a_play_that_names_no_album_counts_for_the_songs_usual_one() -> None:
    dawn = by("Dawn", "The Lanterns", album="Harbour Lights")
    plays = heard(dawn, by("Dawn", "The Lanterns", album="Dawn - Single"), dawn)
    plays += [
        play._replace(listened_at=play.listened_at + 86_400)
        for play in heard(by("Dawn", "The Lanterns"), by("Rain", "Paper Boats"), provider="youtube")
    ]
    assert titles(plays) == [
        ("Harbour Lights", "The Lanterns", 3),
        ("Dawn - Single", "The Lanterns", 1),
    ]
    assert albums(plays)[1] == 1, "no play of Rain names one"
