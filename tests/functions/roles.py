"""Permissions that a function's role grants to its own code, from the template.

What Lambda itself does on a function's role (polling queues and the stream, logs, traces, its
destinations) is not the function's to use.
"""

from functools import cache

from infra_cdk.functions.declarations import SPECS
from tests.functions.aws_calls import Permission
from tests.infra.permissions import allowed

_POLLING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
_POLLED = ("Queue", "ErasureQueue", "ImportQueue", "PurgeQueue")
_SERVICES = ("dynamodb:", "events:", "kms:", "s3:", "secretsmanager:", "sqs:")
_LAMBDAS_OWN = ("StreamDeadLetters", "ScheduleScheduleDeadLetters", "PurgePurgeDeadLetters")
"""Where Lambda and EventBridge put failed events."""
_KINDS = {
    "Queue": "Queue",
    "Secret": "Secret",
    "ScrobblerSecret": "Secret",
    "EventBus": "EventBus",
    "DeadLetters": "DeadLetters",
    "StreamDeadLetters": "DeadLetters",
    "ErasureDeadLetters": "DeadLetters",
    "ImportDeadLetters": "DeadLetters",
}
"""By the prefix of a resource's name."""


@cache
def granted_to(function: str) -> frozenset[Permission]:
    return frozenset(
        (action, _kind(resource))
        for resource, actions in allowed("local", function).items()
        for action in actions
        if action.startswith(_SERVICES) and _is_used(function, action, resource)
    )


def _kind(resource: str) -> str:
    return next((_KINDS[kind] for kind in _KINDS if resource.startswith(kind)), resource)


def _is_used(function: str, action: str, resource: str) -> bool:
    if action in _POLLING and resource.startswith(_POLLED):
        return False
    if resource == "*" or resource.endswith(".stream"):
        return False
    if SPECS[function].gives_up_lists and resource == "StreamDeadLetters":
        return action == "sqs:SendMessage"
    return SPECS[function].erases or resource not in _LAMBDAS_OWN
