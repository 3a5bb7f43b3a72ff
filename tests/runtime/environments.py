"""Environments of a function."""

from collections.abc import Mapping
from pathlib import Path

from cli.sandbox.deployment import TENANTS

SHARED: Mapping[str, str] = {
    "AWS_REGION": "us-east-1",
    "TENANTS_FILE": str(TENANTS),
    "TIMETABLE": '{"shards": 2, "slot_minutes": 5}',
    "PUBLIC_URL": "https://{domain}",
    "RETENTION_DAYS": "35",
    "VIEW_CRAWL_HOURS": "20",
    "MAX_ATTEMPTS": "5",
}


def with_tenants(file: Path, **variables: str) -> dict[str, str]:
    return {**SHARED, "TENANTS_FILE": str(file), **variables}
