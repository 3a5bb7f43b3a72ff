"""Costs of a stage: tags that tell stages apart, and a budget."""

from infra_cdk import outputs
from tests.infra.templates import properties, stateless
from tests.synthesis import context, synthesis


def test_every_stack_on_aws_is_tagged_with_its_stage() -> None:
    for stack, tags in synthesis("aws").tags.items():
        stage = stack.split("-")[1].lower()
        assert tags == {"topk-stage": stage}
    assert not any(synthesis("local").tags.values())


def test_each_stage_has_a_budget_that_tells_the_alarm_mail() -> None:
    for stage in ("staging", "production"):
        declared = context("aws")["stages"][stage]
        template = synthesis("aws").templates[outputs.edge_stack(stage)]
        (found,) = properties(template, "Budgets::Budget").values()
        budget = found["Budget"]
        assert budget["BudgetLimit"] == {"Amount": declared["monthly_budget_usd"], "Unit": "USD"}
        assert budget["CostFilters"] == {"TagKeyValue": [f"user:topk-stage${stage}"]}
        told = {
            (one["Notification"]["NotificationType"], one["Subscribers"][0]["Address"])
            for one in found["NotificationsWithSubscribers"]
        }
        mail = declared["alarm_mail"]
        assert told == {("ACTUAL", mail), ("FORECASTED", mail)}


def test_alarms_are_sent_to_the_alarm_mail() -> None:
    (subscription,) = properties(stateless("aws"), "SNS::Subscription").values()
    assert subscription["Protocol"] == "email"
    assert subscription["Endpoint"] == context("aws")["stages"]["production"]["alarm_mail"]
