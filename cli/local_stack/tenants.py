"""Adds the tenants that cdk.json declares for the local stage, as `topk tenant add` does."""

import getpass
import json
from collections.abc import Sequence

import msgspec

from cli.local_stack.emulator_client import client
from cli.local_stack.state import State
from cli.tenants.deployed import registry_of
from infra_cdk.config import deployments
from simulator.emulator.process import ROOT
from topk.clock import wall_clock


def add_tenants(state: State, origins: Sequence[str]) -> None:
    """`origins` are those of more pages, which may call the APIs of all tenants.

    Raises CommandFailedError if a tenant is invalid or its issuer does not respond.
    """
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    (declared,) = deployments(
        {
            **context,
            "target": "local",
            "world": state.world_url,
            "emulator": state.emulator_url,
            "origins": list(origins),
        }
    )
    registry = registry_of(
        state.outputs,
        client("dynamodb", state.emulator_url),
        by=getpass.getuser(),
        now=lambda: int(wall_clock()),
        local=True,
    )
    for name, tenant in declared.stage.tenants.items():
        registry.write(registry.planned_new(name, msgspec.to_builtins(tenant)))
