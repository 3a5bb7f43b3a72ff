"""TopLists stream -> tenants' event buses: one event for each owner of a batch."""

from typing import Any

from functions.announce.wiring import announcing
from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count, logger
from topk.usecases.lists.announce import announce


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    begin_invocation()
    numbers = _first_records(event)
    parts = announcing()
    try:
        failed = announce(
            [*numbers],
            top_lists=parts.top_lists,
            profiles=parts.profiles,
            announcements=parts.announcements,
        )
    except TopkError as error:
        logger().warning("not announced", extra={"reason": str(error)})
        failed = [*numbers]
    count({"Announced": len(numbers) - len(failed), "NotAnnounced": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": numbers[owner]} for owner in failed]}


def _first_records(event: dict[str, Any]) -> dict[Owner, str]:
    """The sequence number of each owner's first record."""
    found: dict[Owner, str] = {}
    for record in event["Records"]:
        change = record["dynamodb"]
        found.setdefault(Owner.parse(change["Keys"]["owner"]["S"]), change["SequenceNumber"])
    return found
