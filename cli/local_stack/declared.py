"""Providers and apps that cdk.json declares for the local stage."""

import json
from dataclasses import dataclass

from simulator.emulator.process import ROOT

STAGE = "local"


@dataclass(frozen=True)
class Declared:
    """`providers`: the fields of each provider's credentials; `apps`: by provider, the tenants that
    have their own app."""

    tenants: tuple[str, ...]
    providers: dict[str, tuple[str, ...]]
    apps: dict[str, tuple[str, ...]]


def declared() -> Declared:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    tenants = context["stages"][STAGE]["tenants"]
    return Declared(
        tenants=tuple(tenants),
        providers={
            name: tuple(provider["credentials"]) for name, provider in context["providers"].items()
        },
        apps={
            name: tuple(one for one in tenants if name in tenants[one].get("apps", {}))
            for name in context["providers"]
        },
    )
