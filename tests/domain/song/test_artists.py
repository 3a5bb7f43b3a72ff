"""Artists named by a credit."""

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
def test_channel_words_and_a_second_script_are_removed_from_a_name(
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
def test_a_credit_is_split_into_artists(credit: str, found: tuple[str, ...]) -> None:
    assert names(credit) == found


@pytest.mark.parametrize(
    "credit",
    ["Release - Topic", "Veröffentlichung – Thema", "Music Library Uploads", "Various Artists"],
)
def test_placeholders_for_unknown_artists_name_no_artist(credit: str) -> None:
    assert main_artist((credit,)) == ""
    assert main_artist((credit, "Adele")) == "adele"


def test_a_band_named_like_a_placeholder_is_kept() -> None:
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
def test_a_known_band_that_was_split_is_joined_again(parts: tuple[str, ...], band: str) -> None:
    assert main_artist(parts) == band


def test_a_name_in_another_script_matches_by_its_sound() -> None:
    assert same_name("amr diab", "عمرو دياب")
    assert same_name("polina gagarina", "Полина Гагарина")
    assert not same_name("amr diab", "فيروز")


def test_known_names_are_stored_in_normalised_spelling() -> None:
    spellings = [*ALIASES, *ALIASES.values(), *NOBODY, *RELEASES]
    assert [name for name in spellings if words(tidy(name)) != name] == []


def test_an_alias_never_points_to_another_alias() -> None:
    assert [name for name in ALIASES.values() if name in ALIASES] == []
