"""What cdk.json declares for the local stage."""

import json
from dataclasses import dataclass

from simulator.emulator.process import ROOT


@dataclass(frozen=True)
class Declared:
    """`providers`: the fields of each provider's credentials."""

    tenants: tuple[str, ...]
    providers: dict[str, tuple[str, ...]]


def declared() -> Declared:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return Declared(
        tenants=tuple(context["stages"]["local"]["tenants"]),
        providers={
            name: tuple(provider["credentials"]) for name, provider in context["providers"].items()
        },
    )
