"""A thousand tenants on a running local stack: added as an operator does, and called over HTTP."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx2

from cli.local_stack.stack import LocalStack
from cli.studies.tenancy.calls import TenantCalls
from cli.studies.tenancy.issuers import issuers
from topk.clock import wall_clock

PAIRS = 50
LIMIT, FLOOD, CALLERS = 5, 400, 4
"""The busy tenant's requests a second, what it sends, and how many at a time."""
USUAL = 100
"""Requests of others meanwhile."""
_USER = "anna"


@dataclass(frozen=True, slots=True)
class Added:
    """Seconds that adding one tenant took, and the resources of the stacks before and after."""

    tenants: int
    p50: float
    p99: float
    resources_before: int
    resources_after: int


@dataclass(frozen=True, slots=True)
class Flooded:
    """Responses by status of the busy tenant and of the others, and the longest Retry-After."""

    busy: dict[int, int]
    others: dict[int, int]
    retry_after: int


@dataclass(frozen=True, slots=True)
class Deployed:
    added: Added
    pairs: int
    leaks: tuple[str, ...]
    flooded: Flooded


def run(stack: LocalStack, *, tenants: int, seed: int, on_step: Callable[[str], None]) -> Deployed:
    """Tenants stay in the stack. Raises CommandFailedError if one cannot be added."""
    with issuers() as address, httpx2.Client(timeout=30, trust_env=False) as http:
        run_id = int(wall_clock())
        names = [f"t{run_id}_{number}" for number in range(tenants)]
        calls = TenantCalls(stack, http, address)
        on_step(STEPS[0])
        added = _add(stack, calls, names)
        on_step(STEPS[1])
        dice = Random(seed)  # noqa: S311 - it guards nothing
        pairs = [dice.sample(names, 2) for _ in range(PAIRS)]
        leaks = tuple(leak for one, other in pairs for leak in _leaks(calls, one, other))
        on_step(STEPS[2])
        return Deployed(added, PAIRS, leaks, _flood(calls, names, f"busy{run_id}"))


STEPS = ("Add tenants", "Call tenants with each other's tokens", "Flood one tenant")


def _add(stack: LocalStack, calls: TenantCalls, names: Sequence[str]) -> Added:
    registry, spans = calls.registry(), []
    before = _resources(stack)
    for name in names:
        begun = time.perf_counter()
        calls.add(registry, name)
        spans.append(time.perf_counter() - begun)
    spans.sort()
    return Added(
        tenants=len(names),
        p50=spans[len(spans) // 2],
        p99=spans[int(len(spans) * 0.99)],
        resources_before=before,
        resources_after=_resources(stack),
    )


def _resources(stack: LocalStack) -> int:
    cloudformation = stack.client("cloudformation")
    stacks = cloudformation.describe_stacks()["Stacks"]
    return sum(
        len(cloudformation.describe_stack_resources(StackName=one["StackName"])["StackResources"])
        for one in stacks
    )


def _leaks(calls: TenantCalls, one: str, other: str) -> Iterator[str]:
    """What users and servers of `one` see or change of `other`. Both have a user of the same name,
    and the first shows the list to everybody.
    """
    token = calls.token(one, _USER)
    calls.call(one, "PATCH", "/v1/me", token, json={"visibility": "public"})
    change = {"changes": [{"follower": "ben", "followed": _USER, "op": "follow"}]}
    expected: tuple[tuple[str, int, tuple[str, ...], dict[str, Any]], ...] = (
        ("the own profile", 200, (one, "GET", "/v1/me", token), {}),
        ("a profile", 401, (other, "GET", "/v1/me", token), {}),
        ("a list", 401, (other, "GET", f"/v1/users/{_USER}/top", token), {}),
        ("the own list", 401, (other, "GET", "/v1/me/top", token), {}),
        ("a public list", 404, (other, "GET", f"/v1/public/users/{_USER}/top"), {}),
        ("an export", 401, (other, "GET", "/v1/me/export", token), {}),
        (
            "follow edges",
            401,
            (other, "POST", "/v1/graph/edges", calls.server_token(one)),
            {"json": change},
        ),
    )
    for what, status, asked, given in expected:
        found = calls.call(*asked, **given).status_code
        if found != status:
            yield f"{what} of {other} for {one}: {found}"
    namesake = calls.call(other, "GET", "/v1/me", calls.token(other, _USER)).json()
    if namesake.get("visibility") == "public":
        yield f"the visibility of {one} in {other}"
    calls.call(one, "PATCH", "/v1/me", token, json={"visibility": "private"})


def _flood(calls: TenantCalls, names: Sequence[str], busy: str) -> Flooded:
    calls.add(calls.registry(), busy, limits={"requests_per_second": LIMIT})
    waits: list[int] = []

    def flood(_: int) -> int:
        answer = calls.call(busy, "GET", "/v1/me/top", calls.token(busy, _USER))
        waits.append(int(answer.headers.get("retry-after", 0)))
        return answer.status_code

    def usual(number: int) -> int:
        name = names[number % len(names)]
        return calls.call(name, "GET", "/v1/me/top", calls.token(name, _USER)).status_code

    with ThreadPoolExecutor(CALLERS) as callers, ThreadPoolExecutor(1) as others:
        flooding = [callers.submit(flood, number) for number in range(FLOOD)]
        calling = [others.submit(usual, number) for number in range(USUAL)]
        return Flooded(
            busy=dict(Counter(one.result() for one in flooding)),
            others=dict(Counter(one.result() for one in calling)),
            retry_after=max(waits),
        )
