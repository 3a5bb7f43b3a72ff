"""The size of items, on examples worked out by hand from the documentation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.aws.dynamodb.item_size import item_size, value_size


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"N": "0"}, 1),  # no significant digit
        ({"N": "-5"}, 2),
        ({"N": "7"}, 2),
        ({"N": "1795348800"}, 5),  # 8 significant digits; trailing zeros are not
        ({"N": "0.0012"}, 2),
        ({"N": "-12"}, 2),
        ({"N": "1.5e10"}, 2),
        ({"N": "1.5E+3"}, 2),
        ({"B": b"\x00" * 10}, 10),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "100"]}, 4),
        ({"BS": [b"ab"]}, 2),
        ({"L": []}, 3),
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
def test_a_number_takes_at_most_20_bytes(value: int) -> None:
    assert 1 <= value_size({"N": str(value)}) <= 20
