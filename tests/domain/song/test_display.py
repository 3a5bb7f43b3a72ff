"""The title, artists and album that a page shows for a song."""

import pytest

from topk.domain.play import Track
from topk.domain.song.display import shown


@pytest.mark.parametrize(
    ("title", "credit", "clean", "singers"),
    [
        (
            "Olga Baptiste - Find the Harbour (Official Music Video)",
            "OlgaBaptisteVEVO",
            "Find the Harbour",
            ("Olga Baptiste",),
        ),
        (
            "Olga Baptiste - Find the Harbour (Live at Wembley) [4K]",
            "OlgaBaptisteVEVO",
            "Find the Harbour (Live at Wembley)",
            ("Olga Baptiste",),
        ),
        ("Harbour", "The Blue Mountains - Topic", "Harbour", ("The Blue Mountains",)),
        (
            "Harbour (feat. Olga) - Single",
            "Blue - Topic",
            "Harbour (feat. Olga) - Single",
            ("Blue",),
        ),
        ("米津玄師  MV「Lemon」", "米津玄師", "Lemon", ("米津玄師",)),
        (
            "YOASOBI「夜に駆ける」 Official Music Video",
            "Ayase / YOASOBI",
            "夜に駆ける",
            ("YOASOBI",),
        ),
        ("Adele - Hello", "Music Library Uploads", "Hello", ("Adele",)),
        ("Hello", "Release - Topic", "Hello", ()),
        ("Hello (Official Video)", "Adele", "Hello", ("Adele",)),
        ("Hello - Remastered 2011", "Adele", "Hello - Remastered 2011", ("Adele",)),
        ("Love - Hate", "Somebody", "Love - Hate", ("Somebody",)),
    ],
)
def test_a_video_title_is_shown_without_the_sites_decoration(
    title: str, credit: str, clean: str, singers: tuple[str, ...]
) -> None:
    assert shown(Track("1", title, (credit,))) == (clean, singers)


@pytest.mark.parametrize(("album", "isrc"), [("", "USRC17607839"), ("25", "")])
def test_a_catalogue_entry_is_shown_unchanged(album: str, isrc: str) -> None:
    title, artists = "Olga Baptiste - Harbour (Official Video)", ("OlgaBaptisteVEVO",)
    assert shown(Track("1", title, artists, album=album, isrc=isrc)) == (title, artists)
