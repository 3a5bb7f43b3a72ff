"""Environment variables of the functions in a run, from the local stage in cdk.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from cli.in_memory.installed import REGION
from cli.in_memory.world import API_URL
from cli.sandbox.issuer import ALGORITHM, public_key
from infra_cdk.config import Deployment
from topk.runtime.settings import STREAM
from topk.stores.dynamodb.models import MODELS

ERASURES, IMPORTS, BUCKET, SCROBBLER = "erasures", "imports", "bucket", "scrobbler"
SWEEP_SECONDS = 5400
"""Same value as infra_cdk/config.py."""


def environment(
    declared: Deployment,
    folder: Path,
    *,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    slot_minutes: int = 0,
) -> dict[str, str]:
    """The environment variables; each table, queue and secret is named after its purpose.

    Writes the tenants to a file in `folder`; all of them share our registrations with providers.
    `settings`, by provider, and `slot_minutes` override the declared values.
    """
    stage = declared.stage
    names = {name: name for name in declared.providers}
    tenants = folder / "tenants.json"
    given = {
        name: {
            "issuer": tenant.issuer,
            "audience": tenant.audience,
            "algorithms": [ALGORITHM],
            "keys": [public_key()],
            "publishes_keys": False,
            "return_urls": tenant.return_urls,
            "providers": list(names),
            "follows": tenant.follows,
            "play_rule": msgspec.to_builtins(tenant.play_rule),
            "event_bus": declared.event_buses.get(name, ""),
            "requests_per_second": tenant.limits.requests_per_second or 0,
        }
        for name, tenant in stage.tenants.items()
    }
    tenants.write_text(json.dumps(given), encoding="utf-8")
    return {
        **{f"{kind.upper()}_TABLE": kind for kind in MODELS},
        "AWS_REGION": REGION,
        "STAGE": "memory",
        "TOKEN_KEY_ID": "token-key",
        "QUEUE_URLS": json.dumps(names),
        "DEAD_LETTER_URLS": json.dumps(
            {name: dead_letter_queue(name) for name in (*names, STREAM)}
        ),
        "PROVIDERS": json.dumps(_providers(declared, settings or {})),
        "TENANTS_FILE": str(tenants),
        "PUBLIC_URL": API_URL,
        "TIMETABLE": json.dumps(
            {"shards": stage.shards, "slot_minutes": slot_minutes or stage.slot_minutes}
        ),
        "ERASURE_QUEUE_URL": ERASURES,
        "ERASURE_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "APP_SECRETS": "apps/",
        "SCROBBLER_SECRET": SCROBBLER,
        "EXPORT_BUCKET": BUCKET,
        "IMPORT_BUCKET": BUCKET,
        "IMPORT_QUEUE_URL": IMPORTS,
        "ARCHIVE_BUCKET": BUCKET,
        "RETENTION_DAYS": str(stage.retention_days),
        "VIEW_CRAWL_HOURS": "4",
        "MAX_ATTEMPTS": str(stage.max_attempts),
        "POWERTOOLS_SERVICE_NAME": "memory",
        "POWERTOOLS_METRICS_NAMESPACE": "TopK",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
    }


def dead_letter_queue(name: str) -> str:
    """The name of a queue's dead-letter queue."""
    return f"{name}-dead"


def _providers(
    declared: Deployment, settings: Mapping[str, Mapping[str, Any]]
) -> dict[str, object]:
    return {
        name: {
            "secret": name,
            "endpoints": provider.endpoints,
            "options": declared.options(name),
            "per_day": provider.per_day,
            "cadence": msgspec.to_builtins(declared.cadence(name)),
            "budget": msgspec.to_builtins(declared.budget(name)),
            **settings.get(name, {}),
        }
        for name, provider in declared.providers.items()
    }
