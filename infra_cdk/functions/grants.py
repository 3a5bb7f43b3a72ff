"""Function permissions, exactly as declared.

CDK's grants for tables, secrets and queues would add indexes or descriptions that are not used.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from infra_cdk import outputs
from infra_cdk.config import Deployment
from infra_cdk.data.archive import DELETED, ERASED, FILES, PURGING
from infra_cdk.data.buckets import allow_in, allow_listing
from infra_cdk.data.exports import FOLDER
from infra_cdk.data.tables import index_of
from infra_cdk.data.token_key import OPEN, SEAL
from infra_cdk.data.uploads import FOLDER as UPLOADS
from infra_cdk.functions.declarations import Spec
from infra_cdk.functions.function import Function
from infra_cdk.nag import accept
from infra_cdk.stateful import Stateful


def grant(
    function: Function,
    spec: Spec,
    deployment: Deployment,
    state: Stateful,
    queues: Mapping[str, sqs.Queue],
) -> None:
    _grant_tables(function, spec, state)
    _grant_queues(function, spec, state, queues)
    _grant_buckets(function, spec, state)
    for bus in state.event_buses.values() if spec.announces else ():
        _allow(function, ["events:PutEvents"], bus.event_bus_arn)
    if spec.opens_tokens:
        _allow(function, [OPEN], state.token_key.key_arn)
    if spec.seals_tokens:
        _allow(function, [SEAL], state.token_key.key_arn)
    if spec.takes_scrobbles:
        _allow(function, [OPEN], state.token_key.key_arn)
        _allow(function, [SEAL], state.token_key.key_arn)
        secret = state.scrobbler_secret.secret_arn
        _allow(function, ["secretsmanager:GetSecretValue"], secret)
    for name in _spoken_to(spec, deployment):
        _allow(function, ["secretsmanager:GetSecretValue"], state.credentials[name].secret_arn)
    if spec.opens_tokens:
        _allow_app_secrets(function, deployment)


def _grant_tables(function: Function, spec: Spec, state: Stateful) -> None:
    for table, access in spec.tables.items():
        _allow(function, access.actions, state.tables[table].table_arn)
    for table in spec.indexes:
        of_index = f"{state.tables[table].table_arn}/index/{index_of(table)}"
        _allow(function, ["dynamodb:Query"], of_index)


def _grant_queues(
    function: Function, spec: Spec, state: Stateful, crawls: Mapping[str, sqs.Queue]
) -> None:
    filled = [
        *(crawls.values() if spec.queues_crawls else ()),
        *(state.dead_letters.values() if spec.gives_up_crawls else ()),
        *([state.stream_dead_letters] if spec.gives_up_lists else ()),
        *([state.erasure_queue] if spec.queues_erasures else ()),
        *([state.import_queue] if spec.begins_imports or spec.reads_uploads else ()),
    ]
    for queue in filled:
        _allow(function, ["sqs:SendMessage"], queue.queue_arn)
    for queue in state.every_dead_letters.values() if spec.erases else ():
        _allow(function, ["sqs:ReceiveMessage", "sqs:DeleteMessage"], queue.queue_arn)


def _grant_buckets(function: Function, spec: Spec, state: Stateful) -> None:
    if spec.exports:
        # A signed link has the permissions of its signer.
        allow_in(function, state.exports, FOLDER, "s3:GetObject", "s3:PutObject")
    if spec.begins_imports:
        # A signed form has the permissions of its signer.
        allow_in(function, state.uploads, UPLOADS, "s3:PutObject")
    if spec.reads_uploads:
        allow_in(function, state.uploads, UPLOADS, "s3:GetObject", "s3:DeleteObject")
    if spec.erases:
        allow_listing(function, state.uploads, UPLOADS)
        allow_in(function, state.uploads, UPLOADS, "s3:DeleteObject")
        allow_listing(function, state.exports, FOLDER)
        allow_in(function, state.exports, FOLDER, "s3:DeleteObject")
        allow_in(function, state.archive, ERASED, "s3:PutObject")
    if spec.archives:
        allow_in(function, state.archive, FILES, "s3:PutObject")
        allow_in(function, state.archive, DELETED, "s3:PutObject")
    if spec.purges:
        allow_listing(function, state.archive, FILES, ERASED, DELETED, PURGING)
        allow_in(function, state.archive, FILES, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
        allow_in(function, state.archive, ERASED, "s3:DeleteObject")
        allow_in(
            function, state.archive, DELETED, "s3:GetObject", "s3:PutObject", "s3:DeleteObject"
        )
        allow_in(function, state.archive, PURGING, "s3:PutObject", "s3:DeleteObject")


def _allow(function: Function, actions: Iterable[str], resource: str) -> None:
    function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[resource]))


def _allow_app_secrets(function: Function, deployment: Deployment) -> None:
    """The credentials of tenants' own apps, so that adding such a tenant needs no deployment."""
    secrets = f"secret:{outputs.app_secrets(deployment.name)}*"
    _allow(
        function,
        ["secretsmanager:GetSecretValue"],
        f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:{secrets}",
    )
    shown = f"arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:{secrets}"
    accept(
        cast(iam.IRole, function.role),
        f"AwsSolutions-IAM5[Resource::{shown}]",
        "Tenants come and go: a policy can name their secrets by their prefix alone.",
    )


def _spoken_to(spec: Spec, deployment: Deployment) -> Iterable[str]:
    """The providers whose credentials the function reads."""
    if spec.opens_tokens:
        return deployment.providers
    return deployment.pushing if spec.takes_pushes else ()
