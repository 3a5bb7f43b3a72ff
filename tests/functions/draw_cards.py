"""Draws the cards that tests compare with.

`python -m tests.functions.draw_cards` writes them, and with a folder also their pictures, to be
looked at.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from functions.card.drawing import drawn
from functions.card.looks import LOOKS
from functions.card.raster import rasterised
from functions.card.sizes import SIZES
from topk.domain.account.person import Person
from topk.domain.owner import Owner
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList
from topk.usecases.lists.read_list import Shown

CARDS_KEPT = Path(__file__).with_name("cards")
SONGS = (0, 1, 4, 10)


def a_card(size: str, look: str, songs: int) -> str:
    """A line for each element."""
    titles = [(f"Song {number}", ("Mara Quill",)) for number in range(songs)]
    shown = replace(a_list(*titles), person=Person("Anna Lindqvist"))
    return drawn(shown, SIZES[size], LOOKS[look]).replace("><", ">\n<") + "\n"


def a_list(*songs: tuple[str, tuple[str, ...]], past: Past | None = None) -> Shown:
    ranked = tuple(_song(number, *song) for number, song in enumerate(songs))
    found = TopList(ranked, date(2026, 11, 22), "UTC", Completeness(6), past)
    return Shown(Owner("harbor", "anna"), found, public=True)


def _song(number: int, title: str, singers: tuple[str, ...]) -> RankedSong:
    name = "abcdefghijkl"[number] * 16
    return RankedSong(name, title, singers, (), 12 - number, 0, "", "", ("spotify",))


def main(pictures: str = "") -> None:
    CARDS_KEPT.mkdir(exist_ok=True)
    for size in SIZES:
        for look in LOOKS:
            for songs in SONGS:
                text, name = a_card(size, look, songs), f"{size}-{look}-{songs}"
                (CARDS_KEPT / f"{name}.svg").write_text(text, encoding="utf-8")
                if pictures:
                    Path(pictures, f"{name}.png").write_bytes(rasterised(text))


if __name__ == "__main__":
    main(*sys.argv[1:])
