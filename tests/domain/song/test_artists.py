"""Who is meant by a credit."""

import pytest

from topk.domain.song.artist_names import ALIASES, NOBODY, RELEASES
from topk.domain.song.artists import main_artist, names, same_name
from topk.domain.song.spelling import tidy, words


@pytest.mark.parametrize(
    ("credit", "artist"),
    [
        ("The Blue Mountains - Topic", "blue mountains"),
        ("Palehorse – Thema", "palehorse"),
        ("Кино – тема", "kino"),
        ("King Gnu - トピック", "king gnu"),
        ("Sơn Tùng M-TP - Chủ đề", "son tung m tp"),
        ("Rammstein Official", "rammstein"),
        ("LiSA Official YouTube", "lisa"),
        ("優里ちゃんねる", "優里ちゃんねる"),
        ("周杰倫 Jay Chou", "jay chou"),
        ("방탄소년단", "bts"),
        ("ＡＫＢ４８", "akb48"),
    ],
)
def test_the_words_of_a_channel_and_a_second_script_are_no_part_of_a_name(
    credit: str, artist: str
) -> None:
    assert main_artist((credit,)) == words(tidy(artist))


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("Adele/Utada Hikaru/Drake", ("adele", "hikaru utada", "drake")),
        ("Beyoncé/Post Malone", ("beyonce", "post malone")),
        ("AC/DC", ("ac dc",)),
        ("Love/Hate", ("love hate",)),
        ("Lulu und die Einhornfarm", ("lulu", "die einhornfarm")),
        ("Chitãozinho e Xororó", ("chitaozinho", "xororo")),
        ("DAOKO×米津玄師", ("daoko", "kenshi yonezu")),
        ("Баста и Полина Гагарина", ("basta", "полина гагарина")),
    ],
)
def test_a_credit_names_several_artists(credit: str, found: tuple[str, ...]) -> None:
    assert names(credit) == found


@pytest.mark.parametrize(
    "credit",
    ["Release - Topic", "Veröffentlichung – Thema", "Music Library Uploads", "Various Artists"],
)
def test_what_stands_for_an_unknown_artist_is_nobody(credit: str) -> None:
    assert main_artist((credit,)) == ""
    assert main_artist((credit, "Adele")) == "adele"


def test_a_band_that_is_called_as_the_placeholder_is_a_band() -> None:
    assert main_artist(("Release",)) == "release"


@pytest.mark.parametrize(
    ("parts", "band"),
    [
        (("Above", "Beyond"), "above and beyond"),
        (("Tyler", "The Creator"), "tyler the creator"),
        (("Earth", "Wind & Fire"), "earth wind and fire"),
        (("Above", "Someone Else"), "above"),
    ],
)
def test_a_known_band_that_was_split_is_put_together(parts: tuple[str, ...], band: str) -> None:
    assert main_artist(parts) == band


def test_a_name_is_known_by_its_sound_in_another_script() -> None:
    assert same_name("amr diab", "عمرو دياب")
    assert same_name("polina gagarina", "Полина Гагарина")
    assert not same_name("amr diab", "فيروز")


def test_names_are_spelt_as_credits_are_when_they_are_read() -> None:
    spellings = [*ALIASES, *ALIASES.values(), *NOBODY, *RELEASES]
    assert [name for name in spellings if words(tidy(name)) != name] == []


def test_an_alias_leads_to_a_name_that_has_none_itself() -> None:
    assert [name for name in ALIASES.values() if name in ALIASES] == []
