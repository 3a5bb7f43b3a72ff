"""What a process keeps of the tenants that it serves, as their number grows."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from cli.failure import CommandFailedError
from cli.sandbox.issuer import public_key, signed
from cli.studies.benchmark.measuring import expect, resident_mb
from simulator.emulator.process import ROOT
from topk.runtime.tenant_directory import TenantDirectory
from topk.runtime.tenants import Tenant
from topk.runtime.tokens.access_tokens import AccessTokens
from topk.runtime.tokens.issuer_keys import IssuerKeys
from topk.stores.tables.tenant_rates import TenantRates
from topk.usecases.accounts.tenant_limit import TenantLimit

NOW = 1_793_000_000
SERVED = (1, 1_000, 10_000)
MOST_GROWTH = 0.1
"""From a thousand tenants to ten thousand."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The peak memory of a process (MB) that verified a token of so many `tenants`."""

    tenants: int
    resident_mb: float


class _Source:
    """Tenants of any name, with a key and addresses of usual length."""

    def tenant(self, name: str) -> Tenant:
        return Tenant(
            name=name,
            issuer=f"https://id.{name}.example",
            audience="topk",
            return_urls=(f"https://{name}.example/accounts",),
            providers=("spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner"),
            web_origins=(f"https://{name}.example", f"https://www.{name}.example"),
            algorithms=frozenset({"ES256"}),
            keys=(public_key(),) * 2,
            publishes_keys=False,
        )

    def name_of_issuer(self, issuer: str) -> str:
        return issuer.removeprefix("https://id.").removesuffix(".example")


def kept() -> list[Kept]:
    """Each number in a process of its own. Raises CommandFailedError if one fails."""
    return [_in_process(tenants) for tenants in SERVED]


def _in_process(tenants: int) -> Kept:
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-m", "cli.studies.tenancy.memory", str(tenants)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailedError(f"{tenants} tenants: {done.stderr[-2000:]}")
    return Kept(**json.loads(done.stdout))


def serve(tenants: int) -> Kept:
    """Verifies and counts a request of each tenant, as functions do."""
    directory = TenantDirectory(_Source())
    tokens = AccessTokens(directory.of_issuer, IssuerKeys())
    # A process counts the first requests of each tenant without a call.
    limit = TenantLimit(TenantRates(), lambda: float(NOW), lambda _: 0)
    for number in range(tenants):
        name = f"tenant_{number}"
        token = signed(
            {"iss": f"https://id.{name}.example", "aud": "topk", "sub": "anna", "exp": NOW + 60}
        )
        expect("tenant of a token", tokens.verify(token, now=NOW).tenant.name, name)
        directory.at_host(f"{name}.topk.example")
        limit.charge(name, 200)
    return Kept(tenants, round(resident_mb(), 1))


def is_bounded(found: list[Kept]) -> bool:
    """Whether ten thousand tenants take as much as a thousand."""
    thousand, more = found[-2], found[-1]
    return more.resident_mb <= (1 + MOST_GROWTH) * thousand.resident_mb


if __name__ == "__main__":
    one = serve(int(sys.argv[1]))
    print(json.dumps({"tenants": one.tenants, "resident_mb": one.resident_mb}))
