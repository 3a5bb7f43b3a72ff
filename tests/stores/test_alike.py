"""Packing columns of similar strings: as few bits as needed, without loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topk.stores.codecs.column_packing import Packing, pack, unpack

_strings = st.lists(st.text(max_size=8), max_size=8)
_alike = st.builds(
    lambda before, after, middles: [before + middle + after for middle in middles],
    st.text(max_size=5),
    st.text(max_size=5),
    st.integers(0, 9).flatmap(
        lambda width: st.lists(
            st.sampled_from(["abcdef0123456789", "ABxyz_-09"]).flatmap(
                lambda letters: st.text(letters, min_size=width, max_size=width)
            ),
            max_size=8,
        )
    ),
)
_ids = ["4uLU6hMCjMI75M1A2tKUQC", "0aTSb-_CjMI75M1A2tKU00", "1111111111111111111111"]


@given(_strings | _alike, st.binary(max_size=4))
def test_strings_round_trip_and_other_bits_are_unchanged(strings: list[str], others: bytes) -> None:
    column, bits = pack(strings)
    assert unpack(column, len(strings), bits + others) == (strings, others)


@given(st.lists(st.text(min_size=1, max_size=5), max_size=6), st.text(max_size=5))
def test_strings_that_contain_their_key_cost_no_bits(keys: list[str], before: str) -> None:
    strings = [f"{before}{key}/end" for key in keys]
    column, bits = pack(strings, keys)
    assert unpack(column, len(strings), bits, keys) == (strings, b"")


@pytest.mark.parametrize(
    ("strings", "packing", "size"),
    [
        (_ids, Packing.BASE_64, 50),
        ([f"https://host/{at:08x}.jpg" for at in (0x12345678, 0xFEDCBA99)], Packing.HEX, 8),
        (["one", "three"], Packing.PLAIN, 0),
        (["", "", ""], Packing.HEX, 0),
    ],
)
def test_a_character_costs_as_many_bits_as_its_kind_needs(
    strings: list[str], packing: Packing, size: int
) -> None:
    column, bits = pack(strings)
    assert (column[3], len(bits)) == (packing, size)


def test_urls_of_ids_are_derived_from_the_ids() -> None:
    column, bits = pack([f"https://open.example/{one}?x" for one in _ids], _ids)
    assert column == ("https://open.example/", "?x", 0, Packing.KEY, [])
    assert bits == b""


def test_missing_bits_are_an_error() -> None:
    column, bits = pack(_ids)
    with pytest.raises(ValueError, match="fewer bits"):
        unpack(column, 3, bits[:-1])
