"""An AWS account on the emulator: its clients, its bootstrapped regions, and all that is in it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import httpx2
from botocore.config import Config
from botocore.session import get_session

from cli.launch.preflight import BOOTSTRAP
from infra_cdk.config import EDGE_REGION
from simulator.emulator.process import ACCOUNT, ROOT_CREDENTIALS

BOOTSTRAPPED = "30"
"""A version of CDK's bootstrap stack that the templates accept."""


class Account:
    """An account on the emulator at `url`, bootstrapped in `regions`."""

    def __init__(self, url: str, *regions: str) -> None:
        self.url = url
        self._clients: dict[tuple[str, str], Any] = {}
        self.regions = tuple(dict.fromkeys(regions))
        self.reset()

    def reset(self) -> None:
        """Empty the account and bootstrap it again."""
        httpx2.post(f"{self.url}/_ministack/reset", timeout=60, trust_env=False).raise_for_status()
        for region in self.regions:
            self._bootstrap(region)
        self._before = frozenset(self._everything())

    def client(self, service: str, region: str) -> Any:
        """A boto client with the root user's permissions."""
        if (service, region) not in self._clients:
            self._clients[service, region] = get_session().create_client(
                service,
                endpoint_url=self.url,
                region_name=region,
                # Not through the caller's proxy: the emulator is on this machine.
                config=Config(proxies={}),
                aws_access_key_id=ROOT_CREDENTIALS.key_id,
                aws_secret_access_key=ROOT_CREDENTIALS.secret,
            )
        return self._clients[service, region]

    def contents(self) -> set[str]:
        """All that is there beyond the bootstrapped account, such as "tables TopK-Staging-…"."""
        return set(self._everything()) - self._before

    def _bootstrap(self, region: str) -> None:
        place = {} if region == "us-east-1" else {"LocationConstraint": region}
        configuration = {"CreateBucketConfiguration": place} if place else {}
        self.client("s3", region).create_bucket(Bucket=assets(region), **configuration)
        parameters = self.client("ssm", region)
        parameters.put_parameter(Name=BOOTSTRAP, Value=BOOTSTRAPPED, Type="String")

    def _everything(self) -> Iterator[str]:
        for listing in _LISTINGS:
            regions = (EDGE_REGION,) if listing.is_global else self.regions
            for region in regions:
                for one in _pages(self.client(listing.service, region), listing):
                    if listing.stands(self, region, one):
                        named = one if listing.name is None else one[listing.name]
                        yield f"{listing.what} {named}"


def assets(region: str) -> str:
    """The name of the bucket of CDK's bootstrap stack."""
    return f"cdk-hnb659fds-assets-{ACCOUNT}-{region}"


def _stands(*_: Any) -> bool:
    return True


def _stack_stands(_account: Account, _region: str, stack: Mapping[str, Any]) -> bool:
    return bool(stack["StackStatus"] != "DELETE_COMPLETE")


def _key_stands(account: Account, region: str, key: Mapping[str, Any]) -> bool:
    """A key that waits for its deletion costs nothing, and opens nothing."""
    told = account.client("kms", region).describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    return bool(told["KeyManager"] == "CUSTOMER" and told["KeyState"] != "PendingDeletion")


class _Listing(NamedTuple):
    what: str
    service: str
    operation: str
    path: str
    name: str | None
    arguments: Mapping[str, Any] = {}
    is_global: bool = False
    stands: Callable[[Account, str, Any], bool] = _stands


_LISTINGS = (
    _Listing(
        "stacks", "cloudformation", "list_stacks", "StackSummaries", "StackName",
        stands=_stack_stands,
    ),
    _Listing("tables", "dynamodb", "list_tables", "TableNames", None),
    _Listing("queues", "sqs", "list_queues", "QueueUrls", None, {"MaxResults": 1000}),
    _Listing("functions", "lambda", "list_functions", "Functions", "FunctionName"),
    _Listing("layers", "lambda", "list_layers", "Layers", "LayerName"),
    _Listing(
        "event sources", "lambda", "list_event_source_mappings", "EventSourceMappings",
        "FunctionArn",
    ),
    _Listing("roles", "iam", "list_roles", "Roles", "RoleName", is_global=True),
    _Listing("buckets", "s3", "list_buckets", "Buckets", "Name", is_global=True),
    _Listing("secrets", "secretsmanager", "list_secrets", "SecretList", "ARN"),
    _Listing("keys", "kms", "list_keys", "Keys", "KeyId", stands=_key_stands),
    _Listing("event buses", "events", "list_event_buses", "EventBuses", "Name"),
    _Listing("rules", "events", "list_rules", "Rules", "Name"),
    _Listing("APIs", "apigatewayv2", "get_apis", "Items", "Name"),
    _Listing("alarms", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    _Listing("dashboards", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    _Listing("log groups", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    _Listing("topics", "sns", "list_topics", "Topics", "TopicArn"),
    _Listing("flags", "appconfig", "list_applications", "Items", "Name"),
    _Listing("databases", "glue", "get_databases", "DatabaseList", "Name"),
    _Listing(
        "distributions", "cloudfront", "list_distributions", "DistributionList.Items", "Id",
        is_global=True,
    ),
    _Listing(
        "firewalls", "wafv2", "list_web_acls", "WebACLs", "Name", {"Scope": "CLOUDFRONT"},
        is_global=True,
    ),
)  # fmt: skip


def _pages(client: Any, listing: _Listing) -> Iterator[Any]:
    asked = dict(listing.arguments)
    if client.can_paginate(listing.operation):
        asked.pop("MaxResults", None)
        pages = client.get_paginator(listing.operation).paginate(**asked)
    else:
        pages = iter([getattr(client, listing.operation)(**asked)])
    for page in pages:
        found: Any = page
        for step in listing.path.split("."):
            found = (found or {}).get(step)
        yield from found or ()
