"""The firewall against floods and known attacks.

Web ACLs for CloudFront are in us-east-1:
https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
"""

from collections.abc import Sequence
from ipaddress import ip_network

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra_cdk.config import Deployment
from infra_cdk.monitoring.logs import log_group

MINUTE = 60
FIVE_MINUTES = 300
REQUESTS_OF_AN_ADDRESS = 30_000
"""In five minutes. Twice what 100,000 users behind one address of a carrier send in the busiest
minutes, if every call comes with a whole page (tests/infra/test_firewall.py).
"""
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

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "Firewall")
        stage = deployment.stage
        acl = waf.CfnWebACL(
            self,
            "Acl",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen("Firewall"),
            rules=[
                *self._rates(deployment),
                *([_of_tenants(deployment)] if deployment.stage.domain else ()),
                *(_managed(*one, n) for n, one in enumerate(MANAGED, start=3)),
            ],
        )
        self.arn = acl.attr_arn
        logs = log_group(self, "Logs", stage, name=f"aws-waf-logs-{deployment.name}")
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

    def _rates(self, deployment: Deployment) -> list[waf.CfnWebACL.RuleProperty]:
        """A rate for every address, and a higher one for those of host apps' servers."""
        servers = self._servers(deployment)
        if not servers:
            return [_rate("Rate", 0, REQUESTS_OF_AN_ADDRESS)]
        anyone = waf.CfnWebACL.StatementProperty(
            not_statement=waf.CfnWebACL.NotStatementProperty(statement=servers)
        )
        most = deployment.stage.requests_per_second * FIVE_MINUTES
        return [
            _rate("Rate", 0, REQUESTS_OF_AN_ADDRESS, anyone),
            _rate("Servers", 1, most, servers),
        ]

    def _servers(self, deployment: Deployment) -> waf.CfnWebACL.StatementProperty | None:
        """Matches requests of declared servers; None without any."""
        declared = [ip_network(one) for one in deployment.stage.servers]
        sets = [
            waf.CfnWebACL.StatementProperty(
                ip_set_reference_statement={"arn": self._ip_set(version, addresses).attr_arn}
            )
            for version in (4, 6)
            if (addresses := [str(one) for one in declared if one.version == version])
        ]
        if len(sets) > 1:
            return waf.CfnWebACL.StatementProperty(
                or_statement=waf.CfnWebACL.OrStatementProperty(statements=sets)
            )
        return sets[0] if sets else None

    def _ip_set(self, version: int, addresses: list[str]) -> waf.CfnIPSet:
        return waf.CfnIPSet(
            self,
            f"Servers{version}",
            scope="CLOUDFRONT",
            ip_address_version=f"IPV{version}",
            addresses=addresses,
        )


def _header(name: str) -> waf.CfnLoggingConfiguration.FieldToMatchProperty:
    return waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name})


def _rate(
    name: str,
    priority: int,
    limit: int,
    of: waf.CfnWebACL.StatementProperty | None = None,
) -> waf.CfnWebACL.RuleProperty:
    """Blocks an address that sends more than `limit` requests in five minutes."""
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=limit,
                aggregate_key_type="IP",
                evaluation_window_sec=FIVE_MINUTES,
                scope_down_statement=of,
            )
        ),
        visibility_config=_seen(name),
    )


def _of_tenants(deployment: Deployment) -> waf.CfnWebACL.RuleProperty:
    """Answers 429 for a host name, and with it a tenant, that gets more than its share.

    WAF counts up to 10,000 host names, and sees a flood within seconds:
    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html
    """
    host = waf.CfnWebACL.RateLimitHeaderProperty(
        name="host",
        text_transformations=[
            waf.CfnWebACL.TextTransformationProperty(priority=0, type="LOWERCASE")
        ],
    )
    refusal = waf.CfnWebACL.CustomResponseProperty(
        response_code=429,
        response_headers=[
            waf.CfnWebACL.CustomHTTPHeaderProperty(name="retry-after", value=str(MINUTE))
        ],
    )
    return waf.CfnWebACL.RuleProperty(
        name="Tenants",
        priority=2,
        action=waf.CfnWebACL.RuleActionProperty(
            block=waf.CfnWebACL.BlockActionProperty(custom_response=refusal)
        ),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=deployment.stage.requests_per_second * MINUTE,
                evaluation_window_sec=MINUTE,
                aggregate_key_type="CUSTOM_KEYS",
                custom_keys=[waf.CfnWebACL.RateBasedStatementCustomKeyProperty(header=host)],
            )
        ),
        visibility_config=_seen("Tenants"),
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
