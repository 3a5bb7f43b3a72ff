"""The registry of tenants of a running stack or a deployed stage."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cli.tenants.registry import Registry
from cli.tenants.table import TenantTable
from infra_cdk import outputs
from simulator.emulator.process import ROOT
from topk.runtime.tokens.issuer_keys import fetch_document

_BUS = outputs.event_bus("")


def registry_of(
    stack: Mapping[str, str], dynamodb: Any, *, by: str, now: Callable[[], int], local: bool
) -> Registry:
    """`stack` are the deployment's outputs, `dynamodb` a client."""
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return Registry(
        table=TenantTable(dynamodb, stack[outputs.table("Tenants")]),
        providers=context["providers"],
        buses={
            outputs.snake(name.removeprefix(_BUS)): bus
            for name, bus in stack.items()
            if name.startswith(_BUS)
        },
        fetch=fetch_document,
        by=by,
        now=now,
        local=local,
    )
