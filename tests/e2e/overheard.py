"""A recommendation team of a tenant: a rule on its event bus, and a queue behind it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cli.local_stack.stack import LocalStack
from infra_cdk import outputs

Event = dict[str, Any]
_NAME = "recommendations"


@contextmanager
def overheard(stack: LocalStack, tenant: str) -> Iterator[Callable[[], list[Event]]]:
    """Yields what tells all events that have come to the tenant's bus since."""
    sqs, events = stack.client("sqs"), stack.client("events")
    bus = stack.outputs[outputs.event_bus(tenant)]
    url = sqs.create_queue(QueueName=_NAME)["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = json.dumps({"source": ["topk"]})
    events.put_rule(Name=_NAME, EventBusName=bus, EventPattern=pattern)
    target = {"Id": _NAME, "Arn": told["QueueArn"]}
    events.put_targets(Rule=_NAME, EventBusName=bus, Targets=[target])
    heard: list[Event] = []

    def hear() -> list[Event]:
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for one in got:
                heard.append(json.loads(one["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return heard

    try:
        yield hear
    finally:
        events.remove_targets(Rule=_NAME, EventBusName=bus, Ids=[_NAME])
        events.delete_rule(Name=_NAME, EventBusName=bus)
        # Recorded requests name users, and other tests check that nothing does.
        sqs.delete_queue(QueueUrl=url)
