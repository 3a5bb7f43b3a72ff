"""What a list keeps of text that anybody may have chosen."""

from hypothesis import given
from hypothesis import strategies as st

from topk.domain.limits import LARGEST_ADDRESS, LARGEST_NAMES, LARGEST_TITLE, MOST_NAMES
from topk.domain.toplist.shown_text import address, names, title

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(_text)
def test_a_title_is_cut_to_its_bytes_and_loses_control_characters_only(text: str) -> None:
    shown = title(text)
    plain = "".join(one for one in text if ord(one) >= 0xA0 or 0x20 <= ord(one) < 0x7F)
    assert plain.startswith(shown)
    assert len(shown.encode()) <= LARGEST_TITLE
    assert shown == plain or len(shown.encode()) > LARGEST_TITLE - 4


@given(st.lists(_text, max_size=40))
def test_names_are_the_first_that_fit_together(texts: list[str]) -> None:
    shown = names(texts)
    assert len(shown) <= MOST_NAMES
    assert sum(len(one.encode()) for one in shown) <= LARGEST_NAMES
    assert bool(shown) == bool(texts)


def test_ordinary_names_stay_as_they_are() -> None:
    assert names(("Sigur Rós", "椎名林檎")) == ("Sigur Rós", "椎名林檎")
    assert title("Für Elise 👩‍🚀") == "Für Elise 👩‍🚀"


def test_an_address_is_kept_whole_or_not_at_all() -> None:
    kept = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=1&x=%22#a"
    assert address(kept) == kept
    assert address("https://example.com/" + "a" * LARGEST_ADDRESS) == ""
    assert address('https://example.com/"') == ""
    assert address("https://example.com/ä") == ""
