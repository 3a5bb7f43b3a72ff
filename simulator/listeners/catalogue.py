"""The songs of the world, each with an id per provider."""

import string
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum

from simulator.listeners import names
from simulator.listeners.dice import Dice, zipf

_BASE62 = string.digits + string.ascii_letters
_BASE64 = _BASE62 + "-_"
SONGS_PER_ARTIST = 9
TRACKS = 12
"""Number of tracks on an album."""
SINGLE, WITH_PARTNER, WITH_GUEST, REMASTERED, TWO_SPOTIFY_IDS = 0.2, 0.07, 0.12, 0.06, 0.01
LIVE, REMIX, ACOUSTIC = 0.04, 0.04, 0.03


class Upload(Enum):
    """Who uploaded a song to YouTube, which decides its title format."""

    TOPIC = "topic"
    VEVO = "vevo"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Song:
    """One recording. Providers spell it differently; `index` is its place in the catalogue.

    `singers` are the main artist and any partners on equal terms, `guests` are the featured ones.
    A `version` ("Live at Pier 9", "DJ Comet Remix", "Acoustic") is a separate song; the year of a
    remaster is not. `duration_ms` is the length of the whole song.
    """

    index: int
    title: str
    version: str
    remastered: int
    singers: tuple[str, ...]
    guests: tuple[str, ...]
    album: str
    single: bool
    duration_ms: int
    isrc: str
    spotify_ids: tuple[str, ...]
    apple_id: str
    video_id: str
    upload: Upload

    @property
    def name(self) -> str:
        """The title with its version, independent of any provider's spelling."""
        return f"{self.title} ({self.version})" if self.version else self.title


def other_track_id(song: Song) -> str:
    """Spotify's id for the same recording on a compilation; neither name nor ISRC differ."""
    return Dice("compilation", song.isrc).word(_BASE62, 22)


def track_number(song: Song) -> int:
    """The song's number on its album, from 1."""
    return 1 if song.single else 1 + song.index % TRACKS


def release_year(song: Song) -> int:
    """The year in the song's ISRC: two digits after country and registrant."""
    return 2000 + int(song.isrc[5:7])


def identity(song: Song) -> tuple[str, str, str]:
    """The key that must differ between songs, so that even coarse matching separates them.

    Case, accents, punctuation, a title's own parentheses and all but the first artist are ignored.
    """
    title, main = song.title.split(" (")[0], song.singers[0].split(" & ")[0]
    return _letters(title), _letters(song.version), _letters(main)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def build_catalogue(seed: int, size: int) -> tuple[Song, ...]:
    """`size` songs, no two with the same identity."""
    dice = Dice(seed, "catalogue")
    artists = names.artists(dice, max(4, size // SONGS_PER_ARTIST))
    albums = {artist: [names.album(dice) for _ in range(2)] for artist in artists}
    fame = zipf(len(artists), 0.6)
    songs: list[Song] = []
    taken: set[tuple[str, str, str]] = set()
    while len(songs) < size:
        original = _original(dice, artists, artists[fame.draw(dice)], albums)
        if identity(original) not in taken:
            taken.add(identity(original))
            for song in (original, *_versions(dice, original, artists)):
                songs.append(_published(dice, len(songs), song))
    return tuple(songs[:size])


def _original(dice: Dice, artists: list[str], main: str, albums: dict[str, list[str]]) -> Song:
    others = [dice.pick(artists) for _ in range(2)]
    partner = dice.chance(WITH_PARTNER) and others[0] != main
    guest = dice.chance(WITH_GUEST) and others[1] not in (main, others[0])
    title, single = names.title(dice), dice.chance(SINGLE)
    return Song(
        index=0,
        title=title,
        version="",
        remastered=dice.whole(2003, 2024) if dice.chance(REMASTERED) else 0,
        singers=(main, others[0]) if partner else (main,),
        guests=(others[1],) if guest else (),
        album=title if single else dice.pick(albums[main]),
        single=single,
        duration_ms=dice.whole(125_000, 320_000),
        isrc="",
        spotify_ids=(),
        apple_id="",
        video_id="",
        upload=_upload(dice, main),
    )


def _upload(dice: Dice, main: str) -> Upload:
    upload = dice.pick((Upload.TOPIC, Upload.TOPIC, Upload.VEVO, Upload.CHANNEL))
    return Upload.CHANNEL if upload is Upload.VEVO and not main.isascii() else upload


def _versions(dice: Dice, song: Song, artists: list[str]) -> list[Song]:
    """At most one version of each kind, so that even coarse matching separates them."""
    made = []
    if dice.chance(LIVE):
        made.append(f"Live at {dice.pick(names.VENUES)}")
    if dice.chance(REMIX):
        made.append(f"{dice.pick(artists)} Remix")
    if dice.chance(ACOUSTIC):
        made.append("Acoustic")
    return [
        replace(
            song,
            version=version,
            remastered=0,
            duration_ms=song.duration_ms + dice.whole(-30_000, 60_000),
        )
        for version in made
    ]


def _published(dice: Dice, index: int, song: Song) -> Song:
    copies = 2 if dice.chance(TWO_SPOTIFY_IDS) else 1
    return replace(
        song,
        index=index,
        isrc=_isrc(dice, index),
        spotify_ids=tuple(dice.word(_BASE62, 22) for _ in range(copies)),
        apple_id=str(1_400_000_000 + index * 211 + dice.whole(0, 210)),
        video_id=dice.word(_BASE64, 11),
    )


def _isrc(dice: Dice, index: int) -> str:
    """Country, registrant, two-digit year, and a unique number."""
    country = dice.pick(("QM", "GB", "US", "DE", "JP", "FR"))
    registrant = dice.word(string.ascii_uppercase, 3)
    return f"{country}{registrant}{dice.whole(5, 26):02}{index % 100_000:05}"
