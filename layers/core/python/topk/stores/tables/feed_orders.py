"""The order of each reader's feed: one small row beside their list, written once a day."""

from datetime import date
from typing import Any

from topk.domain.owner import Owner
from topk.domain.toplist.feed_order import FeedOrder
from topk.stores.codecs.feed_order_format import decode, encode
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TopListModel
from topk.stores.dynamodb.rows import Row

FEED = "feed"
"""Among the windows of the reader's lists, with which it is erased."""


class FeedOrders:
    """Raises StoreError if the table fails."""

    def put(self, reader: Owner, order: FeedOrder) -> None:
        row: dict[str, dict[str, Any]] = {
            "owner": {"S": reader.key},
            "window": {"S": FEED},
            "body": {"B": encode(order)},
            "as_of": {"S": order.day.isoformat()},
        }
        with translated("write feed order"):
            rows.begin_put(TopListModel, row, {})()


def feed_order(row: Row) -> FeedOrder:
    return decode(row["body"]["B"], day=date.fromisoformat(row["as_of"]["S"]))
