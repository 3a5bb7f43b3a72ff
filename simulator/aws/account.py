"""One AWS account in memory: its services, and clients for them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from simulator.aws.calls import Answer, Call, Hook, Perform
from simulator.aws.client import Client, Start, when_awaited
from simulator.aws.dynamodb.changes import OnChange
from simulator.aws.dynamodb.service import DynamoDB
from simulator.aws.eventbridge import EventBridge, OnEntry
from simulator.aws.keys import KMS, SecretsManager
from simulator.aws.s3 import S3
from simulator.aws.sqs import SQS


class Service(Protocol):
    def perform(self, call: Call) -> Answer: ...


class Aws:
    """`now` returns epoch seconds. Every call passes through the `hooks`, the first one outermost.

    `lag` is the greatest age of an eventually consistent read (seconds). `on_change` is called with
    every write to a table, `on_entry` with every entry that is put on an event bus. `start` starts
    calls that the code under test makes at once.
    """

    def __init__(
        self,
        now: Callable[[], float],
        *,
        hooks: Sequence[Hook] = (),
        lag: float = 0.0,
        on_change: OnChange = lambda _: None,
        on_entry: OnEntry = lambda _: None,
        start: Start = when_awaited,
    ) -> None:
        self._start = start
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
        """Makes a call and returns its answer. Raises AwsError, and any error of a hook."""
        call = Call(service, operation, request)
        perform: Perform = partial(self._services[service].perform, call)
        for hook in reversed(self._hooks):
            perform = partial(hook, call, perform)
        return perform()

    def client(self, service: str) -> Client:
        """A client with botocore's interface."""
        return Client(service, partial(self.call, service), self._start)
