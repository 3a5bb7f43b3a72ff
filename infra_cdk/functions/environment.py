"""The environment of the functions: the contract with `topk.runtime.settings`."""

import json
from collections.abc import Iterable, Mapping

from aws_cdk import Aws, Fn
from aws_cdk import aws_sqs as sqs

from infra_cdk import outputs
from infra_cdk.config import Deployment
from infra_cdk.data.origin_secret import value_of
from infra_cdk.functions.declarations import Spec
from infra_cdk.functions.declared_layer import PROVIDERS_FILE
from infra_cdk.outputs import metrics_namespace, snake
from infra_cdk.stateful import Stateful


def shared(name: str, deployment: Deployment) -> dict[str, str]:
    """Variables of every function: its name and the declarations of cdk.json."""
    stage = deployment.stage
    return {
        "STAGE": deployment.name,
        "PROVIDERS_FILE": PROVIDERS_FILE,
        "TIMETABLE": _json({"shards": stage.shards, "slot_minutes": stage.slot_minutes}),
        "RETENTION_DAYS": str(stage.retention_days),
        "VIEW_CRAWL_HOURS": str(stage.view_crawl_hours),
        "MAX_ATTEMPTS": str(stage.max_attempts),
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": metrics_namespace(deployment.name),
    }


def granted(
    spec: Spec, deployment: Deployment, state: Stateful, queues: Mapping[str, sqs.Queue]
) -> dict[str, str]:
    """Names of the resources that the function may use, and no others."""
    found = {
        f"{snake(table).upper()}_TABLE": state.tables[table].table_name for table in spec.tables
    }
    if spec.opens_tokens:
        found["TOKEN_KEY_ID"] = state.token_key.key_id
        found |= _secrets(deployment.providers, state)
        found["APP_SECRETS"] = outputs.app_secrets(deployment.name)
    if spec.knows_budgets:
        found["PROVIDERS"] = _json(dict.fromkeys(deployment.providers, ""))
    if spec.takes_pushes:
        found |= _secrets(deployment.pushing, state)
    if spec.behind_api:
        found["PUBLIC_URL"] = deployment.public_url
        found["REQUESTS_PER_SECOND"] = str(deployment.stage.requests_per_second)
    if spec.behind_api and deployment.origin_secrets:
        found["ORIGIN_SECRETS"] = ",".join(map(value_of, deployment.origin_secrets))
    return (
        found
        | _queues(spec, deployment, state, queues)
        | _players(spec, state)
        | _buckets(spec, state)
    )


def _queues(
    spec: Spec, deployment: Deployment, state: Stateful, crawls: Mapping[str, sqs.Queue]
) -> dict[str, str]:
    found = {}
    if spec.queues_crawls:
        found["QUEUE_URLS"] = _names(crawls)
    if dead_letters := _dead_letters(spec, state):
        found["DEAD_LETTER_URLS"] = _names(dead_letters)
    if spec.queues_erasures:
        found["ERASURE_QUEUE_URL"] = state.erasure_queue.queue_name
    if spec.begins_imports or spec.reads_uploads:
        found["IMPORT_QUEUE_URL"] = state.import_queue.queue_name
    if found:
        found["QUEUES_AT"] = _queues_at(deployment)
    if spec.erases:
        found["ERASURE_SWEEP_SECONDS"] = str(deployment.stage.erasure_sweep_seconds)
    return found


def _dead_letters(spec: Spec, state: Stateful) -> Mapping[str, sqs.Queue]:
    if spec.erases:
        return state.every_dead_letters
    if spec.gives_up_crawls:
        return state.dead_letters
    return {"stream": state.stream_dead_letters} if spec.gives_up_lists else {}


def _players(spec: Spec, state: Stateful) -> dict[str, str]:
    if not spec.takes_scrobbles:
        return {}
    return {
        "TOKEN_KEY_ID": state.token_key.key_id,
        "SCROBBLER_SECRET": state.scrobbler_secret.secret_arn,
    }


def _buckets(spec: Spec, state: Stateful) -> dict[str, str]:
    found = {}
    if spec.exports or spec.erases:
        found["EXPORT_BUCKET"] = state.exports.bucket_name
    if spec.begins_imports or spec.reads_uploads or spec.erases:
        found["IMPORT_BUCKET"] = state.uploads.bucket_name
    if spec.archives or spec.purges or spec.erases:
        found["ARCHIVE_BUCKET"] = state.archive.bucket_name
    return found


def _secrets(providers: Iterable[str], state: Stateful) -> dict[str, str]:
    """`SECRETS_AT` has what all ARNs begin with, and `PROVIDERS` the rest of each."""
    rest = {
        name: Fn.get_stack_output(state.stack_name, outputs.secret_name(name)) for name in providers
    }
    return {
        "PROVIDERS": _json(rest),
        "SECRETS_AT": f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:",
    }


def _names(queues: Mapping[str, sqs.Queue]) -> str:
    """Their names alone: `QUEUES_AT` has what all URLs begin with."""
    return _json({name: queue.queue_name for name, queue in queues.items()})


def _queues_at(deployment: Deployment) -> str:
    endpoint = deployment.emulator or f"https://sqs.{Aws.REGION}.{Aws.URL_SUFFIX}"
    return f"{endpoint}/{Aws.ACCOUNT_ID}/"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
