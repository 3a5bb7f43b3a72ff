"""What is shown of a song: its title and artists, without what a video site adds to them."""

import re
from functools import lru_cache
from itertools import combinations, pairwise

from topk.domain.play import Track
from topk.domain.song.artists import (
    known,
    names,
    same_name,
)
from topk.domain.song.channels import is_topic, without_channel
from topk.domain.song.spelling import LONGEST
from topk.domain.song.titles import Reading, reading_of, song_of

_CUT = re.compile(
    r"\s+[-–—―|~/_:]+\s+|\s*[|｜]\s*|:\s+|\s*(?=[(\[【（［「『《〈“\"])|(?<=[)\]】）］」』》〉”\"])\s*"
    r"|(?<=[「『《〈“\"【])|(?=[」』》〉”\"】])|\s+(?=(?:ft|feat)\b)"
)
"""Where a title can be cut into its parts."""
_MOST_CUTS = 8
"""Cuts of a title that are tried; the cost grows with the square."""


def shown(track: Track) -> tuple[str, tuple[str, ...]]:
    """The title and the artists of a track, clean.

    An entry of a catalogue, which has an ISRC or an album, is shown as it is. Of what a video site
    has, the title is without artist and marks of the video, and artists are without the words of
    their channels. Nobody is named where the artist is not known.
    """
    if track.isrc or track.album:
        return track.title, track.artists
    return _shown(track.title, track.artists)


@lru_cache(maxsize=16_384)
def _shown(title: str, artists: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    reading = reading_of(title, artists)
    credits_ = tuple([without_channel(credit.strip()) for credit in known(artists)])
    if not reading.is_video or (any(map(is_topic, artists)) and credits_):
        return title.strip(), credits_
    cuts = _cuts(title[:LONGEST].strip())
    return _title(cuts, reading) or title.strip(), _artists(cuts, reading, credits_)


def _cuts(title: str) -> list[tuple[str, int, int]]:
    """The title beside the end of each part and the beginning of the next."""
    found = [(title, 0, 0), *((title, *cut.span()) for cut in _CUT.finditer(title))]
    return [*found[:_MOST_CUTS], (title, len(title), len(title))]


def _title(cuts: list[tuple[str, int, int]], reading: Reading) -> str:
    """The shortest run of parts that alone is read as the same song."""
    song = reading.song
    runs = {text[begin:end].strip() for (text, _, begin), (_, end, _) in combinations(cuts, 2)}
    for run in sorted(runs - {""}, key=lambda run: (len(run), run)):
        found = song_of(run, (song.artist,))
        if (found.title, found.version) == (song.title, song.version):
            return run.strip("\"'“”")
    return ""


def _artists(
    cuts: list[tuple[str, int, int]], reading: Reading, credits_: tuple[str, ...]
) -> tuple[str, ...]:
    """The credits, in the spelling of the title where it names the artist."""
    artist = reading.song.artist
    parts = [text[begin:end].strip() for (text, _, begin), (_, end, _) in pairwise(cuts)]
    named = next((part for part in parts if part and artist in names(part)), "")
    if not named:
        return credits_
    others = [
        credit for credit in credits_ if not any(same_name(name, credit) for name in names(named))
    ]
    return (named, *others) if len(others) < len(credits_) else (named,)
