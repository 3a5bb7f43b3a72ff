"""README.md says what a deployment prints and what a stage costs while nobody uses it."""

import re

import pytest

from simulator.capacity.prices import read_prices
from tests.cli.launch.test_preflight import found_without_faults
from tests.infra.deploy_costs import BLOCK, README, block, costs
from tests.infra.quotas import stage_templates
from tests.infra.templates import of_type

TEXT = README.read_text(encoding="utf-8")


def test_the_table_is_up_to_date() -> None:
    (written,) = BLOCK.findall(TEXT)
    assert written == block(), "update it with .venv/bin/python -m tests.infra.deploy_costs"


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_what_costs_something_while_it_stands_is_in_the_table(stage: str) -> None:
    counted = {one.what: one.amount for one in costs(stage, read_prices())}
    resources = [
        name
        for template in stage_templates(stage).values()
        for name in of_type(template, "SecretsManager::Secret")
    ]
    assert counted["secrets and their copies"] == len(resources)
    assert (counted["keys"], counted["dashboards"], counted["firewall"]) == (1, 4, 1)
    assert (counted["least write units of tables"] > 0) == (stage == "production")


def test_it_names_every_check_of_preflight() -> None:
    (listed,) = re.findall(r"<!-- checks -->(.*?)<!-- /checks -->", TEXT, re.DOTALL)
    named = " ".join(listed.split()).split(", ")
    checks = [one.check for one in found_without_faults()]
    assert [name for name in named if not any(check.startswith(name) for check in checks)] == []
    assert [check for check in checks if not check.startswith(tuple(named))] == []
