"""Chunks of the stand-in's listeners, as crawls would have written them."""

from collections.abc import Iterator

from simulator.stand_in.songs import Listener, PlayedSong
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision, Track

PROVIDER = "spotify"


def chunks(
    owner: Owner, *, per_day: int, crawls_per_day: int, since: int, until: int
) -> Iterator[Chunk]:
    """The chunks of evenly spaced crawls in [`since`, `until`) (epoch seconds)."""
    apart = 86_400 // crawls_per_day
    listener = Listener(owner.user, per_day)
    for begin in range(since, until, apart):
        played = listener.plays(begin, begin + apart)
        plays = tuple(Play(PROVIDER, track(song), at, Precision.END) for at, song in played)
        yield Chunk(owner, PROVIDER, begin + apart, f"{begin:012}", plays)


def track(song: PlayedSong) -> Track:
    return Track(
        track_id=song.track_id,
        title=song.title,
        artists=song.artists,
        album=song.album,
        duration=song.seconds,
        isrc=song.isrc,
        url=song.url,
        image=song.image,
    )
