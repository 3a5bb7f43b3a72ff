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
                *(_managed(*one, n) for n, one in enumerate(MANAGED, start=2)),
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
        # What a tenant's API admits; the API itself refuses the rest.
        rates = (
            deployment.throttle(name)[0]
            for name, tenant in deployment.stage.tenants.items()
            if tenant.servers
        )
        return [
            _rate("Rate", 0, REQUESTS_OF_AN_ADDRESS, anyone),
            _rate("Servers", 1, max(rates) * FIVE_MINUTES, servers),
        ]

    def _servers(self, deployment: Deployment) -> waf.CfnWebACL.StatementProperty | None:
        """Matches requests of the servers that tenants declare; None without any."""
        tenants = deployment.stage.tenants.values()
        declared = [ip_network(one) for tenant in tenants for one in tenant.servers]
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
