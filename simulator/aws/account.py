"""One AWS account in memory: its services, and the way to them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from simulator.aws.calls import Answer, Call, Hook, Perform
from simulator.aws.client import Client
from simulator.aws.dynamodb.changes import OnChange
from simulator.aws.dynamodb.service import DynamoDB
from simulator.aws.eventbridge import EventBridge, OnEntry
from simulator.aws.keys import KMS, SecretsManager
from simulator.aws.s3 import S3
from simulator.aws.sqs import SQS


class Service(Protocol):
    def perform(self, call: Call) -> Answer: ...


class Aws:
    """`now` gives the epoch seconds. Every call passes the `hooks`, the first one outermost.

    `lag` is how many seconds old an eventually consistent read may be. `on_change` gets every write
    to a table, `on_entry` every entry that is put on an event bus.
    """

    def __init__(
        self,
        now: Callable[[], float],
        *,
        hooks: Sequence[Hook] = (),
        lag: float = 0.0,
        on_change: OnChange = lambda _: None,
        on_entry: OnEntry = lambda _: None,
    ) -> None:
        self._hooks = tuple(hooks)
        self.dynamodb = DynamoDB(now, on_change, lag=lag)
        self.sqs = SQS(now)
        self.s3 = S3(now)
        self.kms = KMS()
        self.secrets = SecretsManager()
        self.eventbridge = EventBridge(on_entry)
        self._services: Mapping[str, Service] = {
            "dynamodb": self.dynamodb,
            "sqs": self.sqs,
            "s3": self.s3,
            "kms": self.kms,
            "secretsmanager": self.secrets,
            "events": self.eventbridge,
        }

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> Answer:
        """The answer. Raises AwsError, and what a hook raises."""
        call = Call(service, operation, request)
        perform: Perform = partial(self._services[service].perform, call)
        for hook in reversed(self._hooks):
            perform = partial(hook, call, perform)
        return perform()

    def client(self, service: str) -> Client:
        """A client as botocore makes one."""
        return Client(service, partial(self.call, service))
