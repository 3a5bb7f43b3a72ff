"""What a function is allowed: exactly what its declaration says."""

from collections.abc import Mapping

from aws_cdk import aws_sqs as sqs

from infra_cdk.function import Function
from infra_cdk.functions import Spec
from infra_cdk.stateful import Stateful

TOKEN_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def grant(function: Function, spec: Spec, state: Stateful, queues: Mapping[str, sqs.Queue]) -> None:
    for table, access in spec.tables.items():
        state.tables[table].grant(function, *access.actions)
    if spec.seals_tokens:
        state.token_key.grant(function, *TOKEN_KEY_ACTIONS)
        for credentials in state.credentials.values():
            credentials.grant_read(function)
    if spec.queues_crawls:
        for queue in queues.values():
            queue.grant_send_messages(function)
    if spec.gives_up_crawls:
        for queue in state.dead_letters.values():
            queue.grant_send_messages(function)
