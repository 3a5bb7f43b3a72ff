"""Exchange credentials and addresses between the deployed service and the simulated world."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2

from cli.local_stack.credentials import generate
from cli.local_stack.declared import STAGE, declared
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
            kept, known = generate(fields)
            secrets.put_secret_value(
                SecretId=state.outputs[outputs.secret(provider)], SecretString=json.dumps(kept)
            )
            own = declared().apps[provider]
            shared = [
                _callback(state, name, provider) for name in state.api_urls if name not in own
            ]
            apps = [known | {"redirect_uris": shared}]
            for tenant in own:
                kept, known = generate(fields)
                _store(secrets, outputs.app_secret(STAGE, provider, tenant), kept)
                apps.append(known | {"redirect_uris": [_callback(state, tenant, provider)]})
            for app in apps:
                world.put(f"/world/apps/{provider}", json=app).raise_for_status()
        world.put("/world/service", json={"api_urls": state.api_urls}).raise_for_status()


def _store(secrets: Any, name: str, credentials: Mapping[str, Any]) -> None:
    """The credentials of a tenant's own app, in place of those of an earlier run."""
    text = json.dumps(credentials)
    try:
        secrets.create_secret(Name=name, SecretString=text)
    except secrets.exceptions.ResourceExistsException:
        secrets.put_secret_value(SecretId=name, SecretString=text)


def _callback(state: State, tenant: str, provider: str) -> str:
    return f"{state.api_urls[tenant]}/v1/oauth/{provider}/callback"
