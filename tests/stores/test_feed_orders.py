"""The order of a feed, as it is stored."""

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, BEN, NOON
from tests.stores.conftest import REGION
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.toplist.feed_order import NEVER, FeedOrder
from topk.stores.codecs.feed_order_format import decode, encode
from topk.stores.dynamodb.models import TopListModel, bind
from topk.stores.tables.feed_orders import FeedOrders
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists

WEEK = 7 * 86_400
DAY = date(2026, 11, 22)


@given(st.lists(st.one_of(st.just(NEVER), st.integers(NOON - WEEK, NOON)), max_size=300))
def test_an_order_is_read_as_it_was_written(latest: list[int]) -> None:
    order = FeedOrder(DAY, b"0" * 12, tuple(latest))
    assert decode(encode(order), day=DAY) == order


def test_two_hundred_followed_users_fit_one_write_unit() -> None:
    order = FeedOrder(DAY, b"0" * 12, (NOON,) * 200)
    assert len(encode(order)) < 700


def test_the_format_stays_readable() -> None:
    body = bytes.fromhex("01" + "00" * 12 + "00a8c0" + "ffffff")
    assert decode(body, day=DAY) == FeedOrder(DAY, bytes(12), (NOON, NEVER))
    with pytest.raises(StoreError):
        decode(b"\x09" + body[1:], day=DAY)


@pytest.mark.usefixtures("tables")
def test_an_order_is_beside_the_list_and_erased_with_it() -> None:
    client = bind({"top_lists": "TopLists"}, region=os.environ["AWS_DEFAULT_REGION"]).client
    assert os.environ["AWS_DEFAULT_REGION"] == REGION
    visible_lists = VisibleLists(client)
    order = FeedOrder.of([BEN, Owner("harbor", "carla")], {BEN: NOON}, now=NOON)
    FeedOrders().put(ANNA, order)
    FeedOrders().put(ANNA, order)
    assert visible_lists.reader(ANNA).order == order
    assert TopLists().get(ANNA) == (None, 0)
    assert sum(TopLists().erase(ANNA)) == 1
    assert visible_lists.reader(ANNA).order is None
    assert not [*TopListModel.scan()]
