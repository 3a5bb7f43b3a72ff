"""The table of standing costs in README.md: what a deployed stage costs before anybody uses it.

`.venv/bin/python -m tests.infra.deploy_costs` updates it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cli import tools
from infra_cdk.config import deployments
from simulator.capacity.cost import DAYS_A_MONTH
from simulator.capacity.prices import Prices, read_prices
from simulator.metering.whole_bill import COMPOSITE_PRICE
from tests.infra.quotas import stage_templates
from tests.synthesis import ROOT, context

README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=<!-- deploy costs -->\n).*?(?=<!-- /deploy costs -->)", re.DOTALL)
HOURS, SECONDS = DAYS_A_MONTH * 24, DAYS_A_MONTH * 86_400


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a month, in dollars: `amount` of what stands, of which `each` costs so much."""

    what: str
    amount: float
    each: float

    @property
    def usd(self) -> float:
        return self.amount * self.each


def costs(stage: str, prices: Prices) -> list[Cost]:
    """What the templates of `stage` cost a month without a request."""
    templates = stage_templates(stage)
    found = [one for each in templates.values() for one in each["Resources"].values()]
    rules = [len(one["Properties"]["Rules"]) for one in _of(found, "WAFv2::WebACL")]
    composite = COMPOSITE_PRICE * len(_of(found, "CloudWatch::CompositeAlarm"))
    read, write = _provisioned(found)
    return [
        Cost("gigabytes of SnapStart's snapshots", _snapshots(found),
             prices["snapstart_cache_gb_second"] * SECONDS),
        Cost("firewall", len(rules), prices["waf_acl_month"]),
        Cost("rules of the firewall", sum(rules), prices["waf_rule_month"]),
        Cost("dashboards", len(_of(found, "CloudWatch::Dashboard")), prices["dashboard_month"]),
        Cost("alarms, composite ones counted as five",
             len(_of(found, "CloudWatch::Alarm")) + composite, prices["alarm_month"]),
        Cost("secrets and their copies", sum(map(_copies, _of(found, "SecretsManager::Secret"))),
             prices["secret_month"]),
        Cost("keys", len(_of(found, "KMS::Key")), prices["kms_key_month"]),
        Cost("least read units of tables", read, prices["dynamodb_provisioned_read_hour"] * HOURS),
        Cost("least write units of tables", write,
             prices["dynamodb_provisioned_write_hour"] * HOURS),
    ]  # fmt: skip


def block() -> str:
    stages = [one.name for one in deployments(context("aws"))]
    prices = read_prices()
    columns = [costs(stage, prices) for stage in stages]
    lines = [
        "",
        f"| what stands | {' | '.join(f'{one}: number | USD a month' for one in stages)} |",
        f"|---|{'---|---|' * len(stages)}",
        *(f"| {row[0].what} | {_cells(row)} |" for row in zip(*columns, strict=True)),
        f"| together | {' | '.join(f' | {_sum(each):,.2f}' for each in columns)} |",
        "",
        f"Prices of {prices.dated}, {prices.region}: `simulator/capacity/prices.json`.",
        "",
    ]
    return "\n".join(lines)


def _sum(column: Iterable[Cost]) -> float:
    return sum(one.usd for one in column)


def _cells(row: Iterable[Cost]) -> str:
    return " | ".join(f"{round(one.amount, 1):,g} | {one.usd:,.2f}" for one in row)


def _of(resources: list[Any], kind: str) -> list[Any]:
    return [one for one in resources if one["Type"] == f"AWS::{kind}"]


def _snapshots(resources: list[Any]) -> float:
    """Gigabytes: a snapshot of each function behind the API, as large as its memory."""
    functions = (one["Properties"] for one in _of(resources, "Lambda::Function"))
    return sum(float(one["MemorySize"]) for one in functions if "SnapStart" in one) / 1024


def _copies(secret: Any) -> int:
    return 1 + len(secret["Properties"].get("ReplicaRegions", ()))


def _provisioned(resources: list[Any]) -> tuple[int, int]:
    found = [*_throughputs(resources)]
    return sum(one["ReadCapacityUnits"] for one in found), sum(
        one["WriteCapacityUnits"] for one in found
    )


def _throughputs(resources: list[Any]) -> Iterator[Any]:
    for table in _of(resources, "DynamoDB::Table"):
        properties = table["Properties"]
        for one in (properties, *properties.get("GlobalSecondaryIndexes", ())):
            if "ProvisionedThroughput" in one:
                yield one["ProvisionedThroughput"]


if __name__ == "__main__":
    tools.use()
    README.write_text(
        BLOCK.sub(lambda _: block(), README.read_text(encoding="utf-8")), encoding="utf-8"
    )
