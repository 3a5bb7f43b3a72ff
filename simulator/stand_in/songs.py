"""A million songs of falling popularity, and listeners who play them.

The service caches titles, and the hit rate decides the cost of building a list. So the popularity
of songs falls as 1/rank (Zipf), and each listener has a library drawn from them.
"""

import random
from dataclasses import dataclass
from functools import lru_cache

from simulator.listeners.catalogue import Song, build_catalogue

SONGS = 1_000_000
_SHAPES = 3_000
_SEED = 7
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "indigo", "jade", "kelp")


@dataclass(frozen=True, slots=True)
class PlayedSong:
    """A song as a provider reports it. `seconds` is its length."""

    track_id: str
    title: str
    artists: tuple[str, ...]
    album: str
    seconds: int
    isrc: str
    url: str
    image: str


@lru_cache(maxsize=100_000)
def song(rank: int) -> PlayedSong:
    """The song at `rank` (0 is the most popular)."""
    shape = _shapes()[rank % _SHAPES]
    name = f"{shape.name} {_word(rank // _SHAPES)}".rstrip()
    track_id = f"{rank:07}{shape.spotify_ids[0][7:]}"
    return PlayedSong(
        track_id=track_id,
        title=f"{name} (feat. {shape.guests[0]})" if shape.guests else name,
        artists=(*shape.singers, *shape.guests),
        album=shape.album,
        seconds=shape.duration_ms // 1000,
        isrc=f"GBAAA{rank:07}",
        url=f"https://open.spotify.com/track/{track_id}",
        image=f"https://i.scdn.co/image/ab67616d00001e02{random.Random(rank).getrandbits(96):024x}",  # noqa: S311 - a picture's name
    )


@dataclass(frozen=True, slots=True)
class Listener:
    """Plays `per_day` songs a day, evenly spaced, from a library of four days' worth of songs."""

    name: str
    per_day: int

    def plays(self, since: int, until: int) -> list[tuple[int, PlayedSong]]:
        """The plays as (end in epoch seconds, song) in [`since`, `until`), oldest first."""
        apart = 86_400 // self.per_day
        first = -(-since // apart)
        return [(n * apart, self._song(n)) for n in range(first, -(-until // apart))]

    def _song(self, turn: int) -> PlayedSong:
        library = 4 * self.per_day
        place = int(library ** random.Random(f"{self.name} {turn}").random())  # noqa: S311 - not for secrets
        return song(int(SONGS ** random.Random(f"{self.name} owns {place}").random()) - 1)  # noqa: S311 - not for secrets


@lru_cache(maxsize=1)
def _shapes() -> tuple[Song, ...]:
    return build_catalogue(_SEED, _SHAPES)


def _word(number: int) -> str:
    """A number in words, so that titles differ like real ones."""
    return " ".join(_WORDS[int(digit)] for digit in str(number)) if number else ""
