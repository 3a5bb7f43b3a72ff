"""The records of a Google activity export: music, other videos and searches."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import quote_plus

from simulator.listeners.catalogue import Song
from simulator.listeners.plays import Play, wrong
from simulator.listeners.spelling import youtube_channel, youtube_title
from simulator.listeners.unreadable import HALF_AN_EMOJI
from simulator.providers.google.languages import ENGLISH, Language

_OTHER_VIDEOS = (
    ("How to true a bicycle wheel at home", "Spoke and Chain", "b1cYcL3wh3L"),
    ("The quietest place on earth, explained", "Curious Minutes", "qU13tPl4c3s"),
    ("Sourdough for beginners, part 3", "Crumb Diary", "s0urD0ughP3"),
    ("Full match highlights: quarter final", "Corner Flag", "m4tchH1ghL1"),
)
_EVERY_OTHER, _EVERY_SEARCH = 4, 7


def records(
    plays: Sequence[Play], songs: Sequence[Song], language: Language = ENGLISH
) -> list[dict[str, Any]]:
    """The records, newest first. Some plays follow seconds after another video or a search."""
    return list(chain.from_iterable(_around(play, songs[play.song], language) for play in plays))


def mistaken(
    plays: Sequence[Play], songs: Sequence[Song], language: Language = ENGLISH
) -> list[dict[str, Any]]:
    """Records of the plays' songs with dates in 2099, which are not plays."""
    return [
        _watched_song(play._replace(started_at=wrong(play)), songs[play.song], language)
        for play in plays
    ]


def half(record: dict[str, Any]) -> dict[str, Any]:
    """The record with half an emoji for its title and no address, as nobody can read it."""
    return {**record, "title": HALF_AN_EMOJI, "titleUrl": None}


def _around(play: Play, song: Song, language: Language) -> list[dict[str, Any]]:
    found = [_watched_song(play, song, language)]
    if play.started_at % _EVERY_SEARCH == 0:
        found.append(_searched(song.title, play.started_at - 3))
    if play.started_at % _EVERY_OTHER == 0:
        title, channel, video = _OTHER_VIDEOS[play.song % len(_OTHER_VIDEOS)]
        sentence = language.watched(title)
        found.append(_watched("YouTube", sentence, channel, video, play.started_at - 9))
    return found


def _watched_song(play: Play, song: Song, language: Language) -> dict[str, Any]:
    sentence, channel = language.watched(youtube_title(song)), youtube_channel(song)
    return _watched("YouTube Music", sentence, channel, song.video_id, play.started_at)


def _watched(product: str, sentence: str, channel: str, video: str, at: int) -> dict[str, Any]:
    site = "music" if product == "YouTube Music" else "www"
    return {
        "header": product,
        "title": sentence,
        "titleUrl": f"https://{site}.youtube.com/watch?v={video}",
        "subtitles": [
            {"name": channel, "url": f"https://www.youtube.com/channel/{_channel_id(channel)}"}
        ],
        "time": _time(at),
        "products": [product],
        "activityControls": ["YouTube watch history"],
    }


def _searched(words: str, at: int) -> dict[str, Any]:
    return {
        "header": "YouTube",
        "title": f"Searched for {words}",
        "titleUrl": f"https://www.youtube.com/results?search_query={quote_plus(words)}",
        "time": _time(at),
        "products": ["YouTube"],
        "activityControls": ["YouTube search history"],
    }


def _channel_id(name: str) -> str:
    return "UC" + name.encode().hex()[:22].ljust(22, "0")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
