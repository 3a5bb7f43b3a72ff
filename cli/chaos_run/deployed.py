"""The environment of the functions in a run, from what cdk.json declares for the local stage."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cli.chaos_run.installed import REGION
from cli.inprocess.world import API_URL
from infra_cdk.config import Deployment
from topk.stores.dynamodb.models import MODELS

ERASURES = "erasures"
SWEEP_SECONDS = 5400
"""As infra_cdk/config.py has it."""


def environment(declared: Deployment, folder: Path) -> dict[str, str]:
    """Tables, queues and secrets go by the names of what they are for.

    Writes the tenants to a file in `folder`; all of them share our registrations with providers.
    """
    stage = declared.stage
    names = {name: name for name in declared.providers}
    tenants = folder / "tenants.json"
    given = {
        name: {
            "issuer": tenant.issuer,
            "audience": tenant.audience,
            "return_urls": tenant.return_urls,
            "providers": list(names),
            "event_bus": declared.event_buses.get(name, ""),
        }
        for name, tenant in stage.tenants.items()
    }
    tenants.write_text(json.dumps(given), encoding="utf-8")
    return {
        **{f"{kind.upper()}_TABLE": kind for kind in MODELS},
        "AWS_REGION": REGION,
        "STAGE": "chaos",
        "TOKEN_KEY_ID": "token-key",
        "QUEUE_URLS": json.dumps(names),
        "DEAD_LETTER_URLS": json.dumps({name: dead(name) for name in names}),
        "PROVIDERS": json.dumps(_providers(declared)),
        "TENANTS_FILE": str(tenants),
        "PUBLIC_URL": API_URL,
        "TIMETABLE": json.dumps({"shards": stage.shards, "slot_minutes": stage.slot_minutes}),
        "ERASURE_QUEUE_URL": ERASURES,
        "ERASURE_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "EXPORT_BUCKET": "bucket",
        "ARCHIVE_BUCKET": "bucket",
        "RETENTION_DAYS": str(stage.retention_days),
        "VIEW_CRAWL_HOURS": "4",
        "MAX_ATTEMPTS": str(stage.max_attempts),
        "POWERTOOLS_SERVICE_NAME": "chaos",
        "POWERTOOLS_METRICS_NAMESPACE": "TopK",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
    }


def dead(provider: str) -> str:
    """The queue of what could not be done."""
    return f"{provider}-dead"


def table_keys() -> Mapping[str, tuple[str, ...]]:
    """The names of each table's hash and range key."""
    found = {}
    for kind, model in MODELS.items():
        attributes = model.get_attributes().values()
        hashed = [one.attr_name for one in attributes if one.is_hash_key]
        ranged = [one.attr_name for one in attributes if one.is_range_key]
        found[kind] = (*hashed, *ranged)
    return found


def _providers(declared: Deployment) -> dict[str, object]:
    return {
        name: {
            "secret": name,
            "endpoints": provider.endpoints,
            "options": declared.options(name),
            "per_day": provider.per_day,
            "cadence": msgspec.to_builtins(declared.cadence(name)),
            "budget": msgspec.to_builtins(declared.budget(name)),
        }
        for name, provider in declared.providers.items()
    }
