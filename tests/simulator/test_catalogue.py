"""The songs: distinct, and each with ids of the shape its providers use."""

import re

import pytest

from simulator.listeners.catalogue import build_catalogue, identity
from simulator.listeners.spelling import apple_title, spotify_title, youtube_channel, youtube_title


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_no_two_songs_share_title_version_and_main_artist(seed: int) -> None:
    songs = build_catalogue(seed, 3000)
    assert len({identity(song) for song in songs}) == len(songs) == 3000


def test_ids_have_their_providers_shape_and_belong_to_one_song_each() -> None:
    songs = build_catalogue(7, 3000)
    shapes = {
        r"[0-9A-Za-z]{22}": [spotify_id for song in songs for spotify_id in song.spotify_ids],
        r"[0-9]{10}": [song.apple_id for song in songs],
        r"[0-9A-Za-z_-]{11}": [song.video_id for song in songs],
        r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}": [song.isrc for song in songs],
    }
    for shape, ids in shapes.items():
        assert all(re.fullmatch(shape, one) for one in ids)
        assert len(set(ids)) == len(ids)


def test_the_catalogue_contains_the_hard_cases_of_song_identity() -> None:
    songs = build_catalogue(7, 3000)
    assert 0 < sum(len(song.spotify_ids) > 1 for song in songs) < 60
    assert any(song.guests for song in songs)
    assert any(len(song.singers) > 1 for song in songs)
    assert any(" & " in song.singers[0] for song in songs)
    assert any(not song.title.isascii() for song in songs)
    assert any(song.remastered for song in songs)
    assert {song.version.split()[0] for song in songs if song.version} >= {"Live", "Acoustic"}
    assert any(song.version.endswith("Remix") for song in songs)


def test_a_version_has_an_original_with_the_same_title_and_artist() -> None:
    songs = build_catalogue(7, 3000)
    originals = {(song.title, song.singers) for song in songs if not song.version}
    versions = [song for song in songs if song.version]
    assert all((song.title, song.singers) in originals for song in versions)


def test_every_provider_writes_the_version_and_only_spotify_and_apple_the_remaster() -> None:
    for song in build_catalogue(7, 1000):
        spotify, apple = spotify_title(song, song.spotify_ids[0]), apple_title(song)
        youtube = youtube_title(song)
        assert all(song.version in written for written in (spotify, apple, youtube))
        assert ("Remaster" in spotify) == ("Remaster" in apple) == bool(song.remastered)
        assert "Remaster" not in youtube


def test_youtube_names_the_artist_in_the_title_or_in_the_channel() -> None:
    for song in build_catalogue(7, 1000):
        named = youtube_title(song).startswith(song.singers[0])
        assert named or youtube_channel(song) == f"{song.singers[0]} - Topic"
