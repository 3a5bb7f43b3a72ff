"""The bill's counts of what stands all day, compared with the templates of production."""

from simulator.metering import whole_bill
from tests.infra.templates import of_type, stateful
from tests.synthesis import synthesis


def _count(kind: str) -> int:
    return sum(
        len(of_type(template, kind))
        for name, template in synthesis("aws").templates.items()
        if name.startswith("TopK-Production")
    )


def test_alarms_dashboards_and_secrets_are_those_of_production() -> None:
    assert _count("CloudWatch::Alarm") == whole_bill.ALARMS
    assert _count("CloudWatch::CompositeAlarm") == whole_bill.COMPOSITE_ALARMS
    assert _count("CloudWatch::Dashboard") == whole_bill.DASHBOARDS
    assert _count("SecretsManager::Secret") == whole_bill.SECRETS


def test_each_scaled_unit_has_four_alarms_that_aws_makes() -> None:
    policies = of_type(stateful("aws"), "ApplicationAutoScaling::ScalingPolicy")
    assert 4 * len(policies) == whole_bill.SCALING_ALARMS


def test_the_rules_of_the_firewall_are_counted() -> None:
    (acl,) = of_type(synthesis("aws").templates["TopK-Production-Edge"], "WAFv2::WebACL").values()
    domain_rule = 1
    assert len(acl["Properties"]["Rules"]) + domain_rule == whole_bill.FIREWALL_RULES
