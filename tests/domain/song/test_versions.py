"""Version words in a bracket or a suffix."""

import pytest

from topk.domain.song import version_vocabulary
from topk.domain.song.spelling import tidy, words
from topk.domain.song.versions import DECORATION, version_words


@pytest.mark.parametrize(
    "part",
    [
        "Remastered 2011",
        "2018 Digital Remaster",
        "Mono / Remastered",
        "New Stereo Mix; 2006 Remaster",
        "Remastered Deluxe Box Set",
        "25th Anniversary Edition",
        "Remasterizado en 2015",
        "Ремастеринг",
        "リマスター",
        'From "Frozen"/Soundtrack Version',
        'Parody of "Ridin\'"',
        "Official Short Film Video",
        "Not the Video",
        "Официальный клип",
        "官方完整版MV",
        "เนื้อเพลง",
        "뮤직비디오",
        "Color Coded Lyrics",
    ],
)
def test_decoration_does_not_change_the_version(part: str) -> None:
    assert version_words(tidy(part)) == DECORATION


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("Live / Remastered", {"live"}),
        ("1972 Live Remaster", {"live", "1972"}),
        ("Live in Japan, 1972 / Remastered 2014", {"live", "japan", "1972"}),
        ("Live: How the West Was Won; Remaster", {"live", "how", "west", "was", "won"}),
        ('12" Mix / 2020 Remaster', {"12", "mix"}),
        ("1/4/71 Paris Theatre; Remaster", {"1471", "paris", "theatre"}),
        ("Peel Session; 2020 Remaster", {"peel", "session"}),
        ("Spanish Version", {"spanish"}),
        ("en español", {"spanish"}),
        ("日本語版", {"japanese"}),
        ("Концерт", {"live"}),
        ("2009VERSION", {"2009"}),
        ("DAOKO solo", {"daoko", "solo"}),
        ("TV Size", {"tvsize"}),
        ("Official Live Video", {"live"}),
        ("Live from Glastonbury [Bonus Track]", {"live", "glastonbury"}),
    ],
)
def test_version_words_are_recognised(part: str, words: set[str]) -> None:
    found = version_words(tidy(part))
    assert found is not None
    assert found >= words


@pytest.mark.parametrize("part", ["The Piña Colada Song", "Restrung", "Spring Day", "Long Way"])
def test_unknown_words_belong_to_the_title(part: str) -> None:
    assert version_words(tidy(part)) is None


def test_the_vocabulary_is_stored_in_normalised_spelling() -> None:
    spellings = [
        *version_vocabulary.DECORATIONS,
        *version_vocabulary.NEUTRAL,
        *version_vocabulary.ALONE,
        *version_vocabulary.SAME,
        *version_vocabulary.PHRASES,
    ]
    assert [one for one in spellings if words(tidy(one)) != one] == []
