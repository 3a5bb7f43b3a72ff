"""Make the deployed service and the simulated world known to each other."""

import json

import httpx2

from cli.credentials import generate
from cli.declared import declared
from cli.emulator_client import client
from cli.state import State
from infra_cdk import outputs


def introduce(state: State) -> None:
    """Credentials of this run for each provider, and the APIs' addresses for the world."""
    secrets = client("secretsmanager", state.emulator_url)
    with httpx2.Client(base_url=state.world_url, trust_env=False) as world:
        for provider, fields in declared().providers.items():
            kept, known = generate(fields)
            secrets.put_secret_value(
                SecretId=state.outputs[outputs.secret(provider)], SecretString=json.dumps(kept)
            )
            callbacks = [f"{url}/v1/oauth/{provider}/callback" for url in state.api_urls.values()]
            app = known | {"redirect_uris": callbacks}
            world.put(f"/world/apps/{provider}", json=app).raise_for_status()
        world.put("/world/service", json={"api_urls": state.api_urls}).raise_for_status()
