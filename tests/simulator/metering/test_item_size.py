"""The rule for sizes, on examples reckoned by hand from the documentation."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.metering.item_size import item_size, number_size, value_size


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"N": "0"}, 2),
        ({"N": "7"}, 2),
        ({"N": "1795348800"}, 5),  # 8 significant digits; trailing zeros are not
        ({"N": "-12"}, 3),
        ({"N": "1.5E+3"}, 2),
        ({"B": base64.b64encode(b"\x00" * 10).decode()}, 10),
        ({"B": b"\x00" * 10}, 10),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": True}]}, 3 + 2 + 2 + 1),
        ({"M": {"k": {"S": "ab"}}}, 3 + 1 + 1 + 2),
    ],
)
def test_a_value_has_the_documented_size(value: dict[str, Any], size: int) -> None:
    assert value_size(value) == size


def test_an_item_is_its_names_and_values() -> None:
    assert item_size({"owner": {"S": "harbor#anna"}, "n": {"N": "12"}}) == 5 + 11 + 1 + 2


def test_no_item_has_no_size() -> None:
    assert item_size(None) == 0


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="X"):
        value_size({"X": "?"})


@given(st.integers(-(10**37), 10**37))
def test_a_number_takes_21_bytes_at_most(value: int) -> None:
    assert 2 <= number_size(str(value)) <= 21
