"""docs/quotas.md: what each stage uses of AWS's quotas, and what to request before launch.

`.venv/bin/python -m tests.infra.quotas` updates it.
"""

import math
import re
from collections.abc import Iterable, Iterator

from cli import tools
from cli.launch.peak import BUSIEST, FULL_SCALE_REQUESTS, REQUEST_SECONDS, admitted, needs
from infra_cdk import outputs
from infra_cdk.config import EDGE_REGION, Deployment, deployments
from infra_cdk.limits.measured import Measurement, largest, measured
from infra_cdk.limits.names import RANDOM, Template
from infra_cdk.limits.quotas import CHECKED, QUOTAS, Quota
from tests.synthesis import ROOT, context, synthesis

PLACE = ROOT / "docs" / "quotas.md"
HEADROOM = 1.25
_API_ID = re.compile(r"[0-9a-f]{10}")
_HEAD = f"""\
# Quotas

What a deployment uses of AWS's quotas, computed from the synthesised templates with names as long
as AWS makes them. The quotas are in `infra_cdk/limits/quotas.py`, checked on {CHECKED}.
`tests/infra/test_limits.py` fails when a fixed quota is used beyond its margin, and compares this
page with the templates: `.venv/bin/python -m tests.infra.quotas` updates it.

## What to request before launch

A stage needs what its tenants' limits in `cdk.json` admit. The last column is the designed scale in
its busiest minute: {FULL_SCALE_REQUESTS:,.0f} requests a second, which is {BUSIEST:g} times the
average of the mix of `topk load` around the designed profile views. Units are those that
`topk cost` measured. Concurrency is {REQUEST_SECONDS:g} s for each request, the maximum concurrency
of every queue, and every shard of the streams. Add what else runs in the account. Where an arrow
follows, the default is exceeded: request the number after it, which is a quarter more, at the link
in the last column, in the stage's region.

| quota | default | {{stages}} | designed scale | request |
|---|---|---{{rules}}|---|---|"""
_FIXED = """
## Quotas that cannot be raised

The largest use in any stage. What grows with tenants, providers and functions may use 80% of a
quota; a setting of our own may use all of it.

| quota | value | used | share | by |
|---|---|---|---|---|"""
_ADJUSTABLE = """
## Quotas that can be raised

CloudFront's are those of us-east-1.

| quota | default | used | share | by | request |
|---|---|---|---|---|---|"""
_SOURCES = """
## Sources

| quota | documented in |
|---|---|"""


def regions(templates: Iterable[str]) -> dict[str, str]:
    """The region of each stack."""
    return {
        stack: EDGE_REGION if stack.endswith("-Edge") else _deployment(stack).stage.region or ""
        for stack in templates
    }


def stage_templates(stage: str) -> dict[str, Template]:
    names = (
        outputs.stateful_stack(stage),
        outputs.stateless_stack(stage),
        outputs.objectives_stack(stage),
        outputs.edge_stack(stage),
    )
    return {name: synthesis("aws").templates[name] for name in names}


def document() -> str:
    stages = deployments(context("aws"))
    rules = "|---" * (len(stages) - 1)
    fixed, adjustable = _uses(stages)
    return "\n".join(
        [
            _HEAD.format(stages=" | ".join(one.name for one in stages), rules=rules),
            *_requests(stages),
            _FIXED,
            *fixed,
            _ADJUSTABLE,
            *adjustable,
            _SOURCES,
            *(f"| {quota.what} | <{quota.source}> |" for quota in QUOTAS.values()),
            "",
        ]
    )


def _requests(stages: Iterable[Deployment]) -> Iterator[str]:
    *_, last = stages
    columns = [
        *(_by_subject(needs(one, stage_templates(one.name), admitted(one))) for one in stages),
        _by_subject(needs(last, stage_templates(last.name), FULL_SCALE_REQUESTS)),
    ]
    for key, subject in columns[-1]:
        quota = QUOTAS[key]
        name = f"{quota.what}: {subject}" if subject else quota.what
        cells = (_cell(column[key, subject], quota) for column in columns)
        yield f"| {name} | {quota.value:,.0f} | {' | '.join(cells)} | {_where(quota)} |"


def _by_subject(found: Iterable[Measurement]) -> dict[tuple[str, str], float]:
    """Of tables, by table; else of the whole stage."""
    return {
        (one.key, one.subject if one.key.startswith("table_") else ""): one.used for one in found
    }


def _cell(used: float, quota: Quota) -> str:
    if used <= quota.value:
        return f"{math.ceil(used):,}"
    digits = 10 ** (len(str(math.ceil(used))) - 2)
    return f"{math.ceil(used):,} → {math.ceil(used * HEADROOM / digits) * digits:,}"


def _uses(stages: Iterable[Deployment]) -> tuple[list[str], list[str]]:
    everything = [
        measurement
        for one in stages
        for measurement in measured(stage_templates(one.name), regions(stage_templates(one.name)))
    ]
    rows: dict[bool, list[str]] = {True: [], False: []}
    for key, one in sorted(largest(everything).items(), key=lambda item: item[1].quota.what):
        quota = QUOTAS[key]
        rows[quota.adjustable].append(
            f"| {quota.what} | {quota.value:,.0f} {quota.unit} | {one.used:,.0f} "
            f"| {100 * one.share:.0f}% | `{_shown(one.subject)}` |"
            + (f" {_where(quota)} |" if quota.adjustable else "")
        )
    return rows[False], rows[True]


def _where(quota: Quota) -> str:
    """Where more is requested."""
    if quota.code:
        return f"[{quota.code}]({quota.request_url})"
    return "Service Quotas, by name" if quota.service else "not by itself"


def _shown(subject: str) -> str:
    """The name in an ARN, without what CloudFormation appends."""
    if _API_ID.fullmatch(subject):
        return "an API"
    name = subject.removeprefix("arn:aws:").partition("/stream/")[0].removesuffix(":live")
    return name.rpartition(":")[2].removesuffix(f"-{RANDOM}")


def _deployment(stack: str) -> Deployment:
    (found,) = (
        one
        for one in deployments(context("aws"))
        if stack.startswith(f"TopK-{outputs.pascal(one.name)}-")
    )
    return found


if __name__ == "__main__":
    tools.use()
    PLACE.write_text(document(), encoding="utf-8")
