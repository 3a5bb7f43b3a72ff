"""Tenants that are added to a local stack for fuzzing, each with users, plays and a canary."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from cli.failure import CommandFailedError
from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.studies.fuzzing.callers import Callers
from cli.studies.fuzzing.deployed import description_of, push_secret, receipt_of, show_to_all
from cli.studies.fuzzing.mixing import Tenant
from cli.studies.fuzzing.run import Target
from cli.studies.tenancy.calls import TenantCalls
from cli.studies.tenancy.issuers import issuers
from infra_cdk import outputs
from simulator.clock import Clock
from topk.clock import wall_clock
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.stores.codecs.chunk_format import encode
from topk.stores.tables.plays import chunk_key

_USERS, _LEAVERS = 4, 10
_BACK = 3 * 86_400
"""How long ago the plays of canaries were listened to, in seconds."""
_KEPT = 400 * 86_400
_REQUESTS_PER_SECOND = 1000
"""A limit that fuzzing does not reach."""


@contextmanager
def many_tenants(stack: LocalStack, count: int) -> Iterator[Target]:
    """Adds `count` tenants to the stack, where they stay.

    Raises CommandFailedError if one cannot be added, or does not show its own canary.
    """
    with issuers() as address, httpx2.Client(timeout=30, trust_env=False) as http:
        calls, secret = TenantCalls(stack, http, address), push_secret(stack)
        names = [f"fuzz{int(wall_clock())}_{number}" for number in range(count)]
        tenants = [_added(calls, name, secret) for name in names]
        yield Target(description_of(http, tenants[0].base_url), tenants)


def _added(calls: TenantCalls, name: str, push_secret: str) -> Tenant:
    calls.add(calls.registry(), name, limits={"requests_per_second": _REQUESTS_PER_SECOND})
    address, canary = calls.base_url(name), f"Canary of {name}"
    # The ids of no two tenants are the same, so that an answer about another tenant is seen.
    shown, *own = [f"{name}.user-{number}" for number in range(_USERS + 1)]
    for user in (shown, *own):
        _played(calls.stack, Owner(name, user), canary)
    token = calls.token(name, shown)
    show_to_all(calls.http, address, token)
    if canary not in calls.call(name, "GET", "/v1/me/top", token).text:
        raise CommandFailedError(f"{name} does not show what its users played")
    leavers = [calls.token(name, f"{name}.leaver-{number}") for number in range(_LEAVERS)]
    server = calls.server_token(name)
    callers = Callers(
        users=[calls.token(name, user) for user in own],
        leavers=leavers,
        server=server,
        push_secret=push_secret,
        good_for_nothing=["fake", server],
    )
    known = {
        "provider": sorted(declared().providers),
        "user_id": [*own, shown],
        "receipt": [receipt_of(calls.http, address, leavers[0])],
    }
    return Tenant(name, address, callers, known, canary)


def _played(stack: LocalStack, owner: Owner, title: str) -> None:
    """Stores a play, as a crawl does."""
    at = int(Clock(stack.clock_file).now()) - _BACK
    play = Play("spotify", Track("fake-canary", title, ("The Canaries",), duration=200), at)
    row = {
        "owner": {"S": owner.key},
        "chunk": {"S": chunk_key(at, "spotify", "canary")},
        "body": {"B": encode((play,))},
        "expires_at": {"N": str(at + _KEPT)},
    }
    stack.client("dynamodb").put_item(TableName=stack.outputs[outputs.table("Plays")], Item=row)
