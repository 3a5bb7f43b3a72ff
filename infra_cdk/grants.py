"""What a function is allowed: exactly what its declaration says."""

from collections.abc import Iterable, Mapping

from aws_cdk import aws_sqs as sqs

from infra_cdk.config import Deployment
from infra_cdk.function import Function
from infra_cdk.functions import Spec
from infra_cdk.stateful import Stateful

TOKEN_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def grant(
    function: Function,
    spec: Spec,
    deployment: Deployment,
    state: Stateful,
    queues: Mapping[str, sqs.Queue],
) -> None:
    for table, access in spec.tables.items():
        state.tables[table].grant(function, *access.actions)
    if spec.seals_tokens:
        state.token_key.grant(function, *TOKEN_KEY_ACTIONS)
    for name in _spoken_to(spec, deployment):
        state.credentials[name].grant_read(function)
    if spec.queues_crawls:
        for queue in queues.values():
            queue.grant_send_messages(function)
    if spec.gives_up_crawls:
        for queue in state.dead_letters.values():
            queue.grant_send_messages(function)


def _spoken_to(spec: Spec, deployment: Deployment) -> Iterable[str]:
    """The providers whose credentials the function reads."""
    if spec.seals_tokens:
        return deployment.providers
    return deployment.pushing if spec.takes_pushes else ()
