"""What a change of a tenant would do, as lines that an operator reads."""

import json
from typing import Any

import msgspec

from infra_cdk.tenant import Tenant

_DEFAULTS = Tenant(issuer="", audience="", return_urls=(), web_origins=())


def differences(before: Tenant | None, after: Tenant) -> list[str]:
    """One line for each field that changes; for a new tenant, for each that is no default."""
    old, new = _fields(before or _DEFAULTS), _fields(after)
    changed = [name for name in new if new[name] != old[name]]
    if before is None:
        return [f"+ {name}: {_text(new[name])}" for name in changed]
    return [f"~ {name}: {_text(old[name])} -> {_text(new[name])}" for name in changed]


def _fields(tenant: Tenant) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(tenant)
    return found


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
