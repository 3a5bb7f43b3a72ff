"""A monthly budget of a stage, by its cost allocation tag.

AWS counts only costs since the tag was activated in the account's billing settings:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
"""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra_cdk.config import STAGE_TAG, Deployment

ACTUAL_PERCENT, FORECAST_PERCENT = 80, 100


def monthly_budget(scope: Construct, deployment: Deployment) -> None:
    """Tells the stage's `alarm_mail` when most of the budget is spent, or all of it will be."""
    mail, dollars = deployment.stage.alarm_mail, deployment.stage.monthly_budget_usd
    if mail is None or dollars is None:
        return
    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=dollars, unit="USD"),
            cost_filters={"TagKeyValue": [f"user:{STAGE_TAG}${deployment.name}"]},
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    comparison_operator="GREATER_THAN", notification_type=kind, threshold=percent
                ),
                subscribers=[
                    budgets.CfnBudget.SubscriberProperty(address=mail, subscription_type="EMAIL")
                ],
            )
            for kind, percent in (("ACTUAL", ACTUAL_PERCENT), ("FORECASTED", FORECAST_PERCENT))
        ],
    )
