"""The local stage with other tenants than cdk.json declares."""

from collections.abc import Iterable

import msgspec

from cli.in_memory.world import deployment
from infra_cdk.config import Deployment
from infra_cdk.tenant import Limits


def with_tenants(names: Iterable[str], limits: Limits | None = None) -> Deployment:
    """Tenants with an issuer each, whose servers write follow edges, and otherwise as the first
    that cdk.json declares.
    """
    local = deployment()
    one = next(iter(local.stage.tenants.values()))
    made = {
        name: msgspec.structs.replace(
            one,
            issuer=f"https://id.{name}.example",
            limits=limits or one.limits,
            follows="host",
            events=False,
        )
        for name in names
    }
    stage = msgspec.structs.replace(local.stage, tenants=made)
    return Deployment(local.name, stage, local.providers, local.public_url, emulator=local.emulator)
