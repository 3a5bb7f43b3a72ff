"""Exchange credentials and addresses between the deployed service and the simulated world."""

import json
from collections.abc import Sequence
from typing import Any

import httpx2

from cli.local_stack.credentials import generate
from cli.local_stack.declared import declared
from cli.local_stack.emulator_client import client
from cli.local_stack.state import State
from infra_cdk import outputs

SECONDS = 60.0
"""For one answer of the world, which makes keys for some."""


def introduce(state: State) -> None:
    """Give each provider its credentials of this run, and the world the APIs' addresses."""
    secrets = client("secretsmanager", state.emulator_url)
    with httpx2.Client(base_url=state.world_url, timeout=SECONDS, trust_env=False) as world:
        for provider, fields in declared().providers.items():
            kept, apps = _registered(provider, fields, state)
            secrets.put_secret_value(
                SecretId=state.outputs[outputs.secret(provider)], SecretString=json.dumps(kept)
            )
            for app in apps:
                world.put(f"/world/apps/{provider}", json=app).raise_for_status()
        world.put("/world/service", json={"api_urls": state.api_urls}).raise_for_status()


def _registered(
    provider: str, fields: Sequence[str], state: State
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The provider's secret, and the apps registered with the provider: ours, and each tenant's own
    with that tenant's redirect address."""
    own = declared().apps[provider]
    ours, known = generate(fields)
    shared = [_callback(state, name, provider) for name in state.api_urls if name not in own]
    apps: list[dict[str, Any]] = [known | {"redirect_uris": shared}]
    of_tenants = {}
    for tenant in own:
        of_tenants[tenant], known = generate(fields)
        apps.append(known | {"redirect_uris": [_callback(state, tenant, provider)]})
    return {**ours, "tenants": of_tenants} if own else {**ours}, apps


def _callback(state: State, tenant: str, provider: str) -> str:
    return f"{state.api_urls[tenant]}/v1/oauth/{provider}/callback"
