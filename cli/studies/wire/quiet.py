"""Waits until a night's crawls are done."""

import time
from typing import Any

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import wait_until
from infra_cdk import outputs

STILL_SECONDS = 45.0
"""Far longer than the interval at which an export is polled, and far shorter than the hour after
which a refused one is requested again."""
_EXPORTING = outputs.queue("youtube")
_WORKED_ON = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_DELAYED = "ApproximateNumberOfMessagesDelayed"


class Quiet:
    """Watches the queues of a stack.

    World time stands still at night, so a refused export would wait for its retry forever: a
    delayed message on the export queue that does not move is left for the next night.
    """

    def __init__(self, stack: LocalStack) -> None:
        self._sqs = stack.client("sqs")
        self._urls = {
            name: url for name, url in stack.outputs.items() if name.startswith(outputs.queue(""))
        }
        self._exports = 0
        self._since = time.monotonic()

    def wait(self, *, within: float) -> None:
        """Waits until no crawl is left. Raises CommandFailedError after `within` seconds."""
        self._since = time.monotonic()
        wait_until(self._is_quiet, within, "crawls are still queued")

    def _is_quiet(self) -> bool:
        depths = {name: self._depths(url) for name, url in self._urls.items()}
        exports = depths[_EXPORTING].pop(_DELAYED)
        busy = any(value for one in depths.values() for value in one.values())
        if busy or exports != self._exports:
            self._exports, self._since = exports, time.monotonic()
        return not busy and (not exports or time.monotonic() - self._since > STILL_SECONDS)

    def _depths(self, url: str) -> dict[str, int]:
        names: list[Any] = [*_WORKED_ON, _DELAYED]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {name: int(found[name]) for name in names}
