"""What an operator has to decide about providers' terms, from cdk.json."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import typer

from infra_cdk.tenant import Tenant
from simulator.emulator.process import ROOT
from topk.domain.privacy.provider_policies import restricts_mixing


def warnings(stage: str, context: Mapping[str, Any] | None = None) -> Iterator[str]:
    """What the tenants of `stage` have not decided, one line each.

    `context` is that of cdk.json. A tenant accepts or switches off mixing by `mixing.<provider>`.
    """
    declared = _context() if context is None else context
    tenants = msgspec.convert(declared["stages"][stage]["tenants"], dict[str, Tenant])
    for name, tenant in tenants.items():
        offered = declared["providers"] if tenant.providers is None else tenant.providers
        for provider in offered:
            if restricts_mixing(provider) and provider not in tenant.mixing:
                yield (
                    f"{stage}.{name}: the terms of {provider} restrict mixing its plays with "
                    f"other services; set mixing.{provider} to accepted or off"
                    " (docs/compliance.md)"
                )


def show_warnings(*stages: str) -> None:
    """Print the warnings of `stages`, or of all on AWS, to standard error."""
    for stage in stages or [name for name in _context()["stages"] if name != "local"]:
        for warning in warnings(stage):
            typer.echo(f"warning: {warning}", err=True)


def _context() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    return found
