"""When a night's crawls are over."""

import time
from typing import Any

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import wait_until
from infra_cdk import outputs

STILL_SECONDS = 45.0
"""Far longer than an export is asked after, and far shorter than the hour after which one that was
refused is asked for again."""
_EXPORTING = outputs.queue("youtube")
_WORKED_ON = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_DELAYED = "ApproximateNumberOfMessagesDelayed"


class Quiet:
    """The world stands still at night, so that a refused export would wait for its hour for ever:
    one message that nothing else moves is left to the next night."""

    def __init__(self, stack: LocalStack) -> None:
        self._sqs = stack.client("sqs")
        self._urls = {
            name: url for name, url in stack.outputs.items() if name.startswith(outputs.queue(""))
        }
        self._exports = 0
        self._since = time.monotonic()

    def wait(self, *, within: float) -> None:
        """Returns when no crawl is left to be done. Raises CommandFailedError after `within` s."""
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
