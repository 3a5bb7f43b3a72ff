"""The firewall against floods and known attacks.

Web ACLs for CloudFront are in us-east-1:
https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
"""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra_cdk.config import Stage
from infra_cdk.monitoring.logs import log_group

REQUESTS_PER_FIVE_MINUTES = 2_000
"""Requests from one address in five minutes. A page makes about ten."""
# Valid bodies can exceed 8 KB (bulk edges) and contain URLs (`return_to`), as can queries: these
# rules only count.
COUNTED = (
    "SizeRestrictions_BODY",
    "GenericRFI_BODY",
    "GenericRFI_QUERYARGUMENTS",
)
MANAGED = (
    ("AWSManagedRulesAmazonIpReputationList", ()),
    ("AWSManagedRulesCommonRuleSet", COUNTED),
    ("AWSManagedRulesKnownBadInputsRuleSet", ()),
)


_BLOCKED_ALONE = {
    "DefaultBehavior": "DROP",
    "Filters": [
        {
            "Behavior": "KEEP",
            "Requirement": "MEETS_ANY",
            "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
        }
    ],
}


class Firewall(Construct):
    """One firewall for all distributions of a stage; `arn` is that of its web ACL."""

    def __init__(self, scope: Construct, stage: Stage, *, name: str) -> None:
        super().__init__(scope, "Firewall")
        acl = waf.CfnWebACL(
            self,
            "Acl",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen("Firewall"),
            rules=[_rate(0), *(_managed(*one, n) for n, one in enumerate(MANAGED, start=1))],
        )
        self.arn = acl.attr_arn
        logs = log_group(self, "Logs", stage, name=f"aws-waf-logs-{name}")
        waf.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            # WAF expects the group's ARN without CloudFormation's trailing wildcard.
            log_destination_configs=[
                Stack.of(self).format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=logs.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            # Nothing is kept of requests that pass, and of those blocked no path, token or cookie.
            logging_filter=_BLOCKED_ALONE,
            redacted_fields=[
                *map(_header, ("authorization", "cookie", "referer")),
                waf.CfnLoggingConfiguration.FieldToMatchProperty(query_string={}),
                waf.CfnLoggingConfiguration.FieldToMatchProperty(uri_path={}),
            ],
        )


def _header(name: str) -> waf.CfnLoggingConfiguration.FieldToMatchProperty:
    return waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name})


def _rate(priority: int) -> waf.CfnWebACL.RuleProperty:
    return waf.CfnWebACL.RuleProperty(
        name="Rate",
        priority=priority,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=REQUESTS_PER_FIVE_MINUTES, aggregate_key_type="IP"
            )
        ),
        visibility_config=_seen("Rate"),
    )


def _managed(name: str, counted: Sequence[str], priority: int) -> waf.CfnWebACL.RuleProperty:
    only_counted = [
        waf.CfnWebACL.RuleActionOverrideProperty(
            name=rule, action_to_use=waf.CfnWebACL.RuleActionProperty(count={})
        )
        for rule in counted
    ]
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=only_counted or None
            )
        ),
        visibility_config=_seen(name),
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
