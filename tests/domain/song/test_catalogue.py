"""Song identity on the simulated catalogue, whose spellings were written independently."""

from simulator.listeners import spelling
from simulator.listeners.catalogue import Song, build_catalogue
from topk.domain.play import Track
from topk.domain.song.identity import song_id


def spellings(song: Song) -> list[Track]:
    credit = (spelling.joined(song.singers),)
    return [
        *(
            Track(track_id, spelling.spotify_title(song, track_id), spelling.spotify_artists(song))
            for track_id in song.spotify_ids
        ),
        Track(song.apple_id, spelling.apple_title(song), credit),
        Track(song.video_id, spelling.youtube_title(song), (spelling.youtube_channel(song),)),
    ]


def test_each_simulated_song_has_one_id_of_its_own() -> None:
    ids = [{song_id(track) for track in spellings(song)} for song in build_catalogue(7, 2_000)]
    assert all(len(of_song) == 1 for of_song in ids)
    assert len(set().union(*ids)) == len(ids)
