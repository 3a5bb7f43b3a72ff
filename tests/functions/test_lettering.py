"""Foreign strings on a card are plain text and cut to the space they have."""

import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.card.lettering import cleaned, cut, written
from functions.card.scripts import LATIN, runs

SCRIPTS = (
    "aZ9 <&>\"'é\u0301\u0336\u202e\u2066\u200d\u200f\x00\x1b\n\u2028\ufffe漢あ한אبไह🔥🏽\ue000"
)
ANY = st.one_of(st.text(max_size=600), st.text(SCRIPTS, max_size=600))
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANY)
def test_invisible_and_direction_changing_characters_are_removed(text: str) -> None:
    found = {letter for letter in cleaned(text) if unicodedata.category(letter) in HIDDEN}
    assert found <= {"\u200c", "\u200d"}


@given(ANY)
def test_no_letter_has_more_than_two_accents(text: str) -> None:
    letters = [letter for letter in cleaned(text) if letter not in "\u200c\u200d"]
    kinds = "".join("m" if unicodedata.category(one) in {"Mn", "Me"} else "." for one in letters)
    assert "mmm" not in kinds


@given(ANY, st.floats(3, 40))
def test_cut_text_is_a_prefix_with_an_ellipsis(text: str, ems: float) -> None:
    whole, found = cleaned(text), cut(text, ems)
    assert len(found) <= max(len(whole), 1) + 1
    if found != whole:
        kept, _, after = found.partition("…") if "…" not in whole else (found, "", "")
        assert whole.startswith(kept.rstrip("…\u200f"))
        assert after in {"", "\u200f"}


@given(ANY)
def test_text_round_trips_and_contains_only_run_elements(text: str) -> None:
    shown = cleaned(text)
    element = ET.fromstring(f"<text>{written(shown)}</text>")
    assert "".join(element.itertext()) == shown
    assert {one.tag for one in element.iter()} <= {"text", "tspan"}
    assert "".join(part for _, part in runs(shown)) == shown


@pytest.mark.parametrize("text", ["W" * 500, "漢" * 500, "🔥" * 500, "i" * 500, "ب" * 500])
def test_a_title_of_500_characters_is_cut_to_its_space(text: str) -> None:
    found = cut(text, 20)
    assert found.rstrip("\u200f").endswith("…")
    assert 10 <= len(found) <= 70


def test_the_ellipsis_is_at_the_end_in_writing_direction() -> None:
    assert cut("שלום " * 40, 10).endswith("…\u200f")
    assert cut("hello " * 40, 10).endswith("…")


def test_each_script_uses_its_font() -> None:
    assert list(runs("a 한 b")) == [(LATIN, "a "), ("Noto Sans KR", "한"), (LATIN, " b")]
    assert list(runs("❤️")) == [("Noto Emoji", "❤️")]
