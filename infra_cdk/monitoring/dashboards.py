"""Four dashboards: service, pipeline, provider and tenant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk.api.http_api import Api
from infra_cdk.config import Deployment
from infra_cdk.functions.function import Function
from infra_cdk.monitoring import graphs
from infra_cdk.monitoring.metrics import Metrics

Row = Sequence[cloudwatch.IWidget]


@dataclass(frozen=True, slots=True)
class Shown:
    """The monitored resources. Queues are by provider; `dead_letters` by content."""

    functions: Mapping[str, Function]
    queues: Mapping[str, sqs.Queue]
    dead_letters: Mapping[str, sqs.Queue]
    api: Api


def dashboards(scope: Construct, deployment: Deployment, shown: Shown) -> None:
    own = Metrics(deployment.name)
    pages: Mapping[str, Iterable[Row]] = {
        "Service": graphs.service(own, shown.functions, shown.api),
        "Pipeline": graphs.pipeline(own, shown.functions, shown.queues, shown.dead_letters),
        "Provider": graphs.providers(own, deployment, shown.queues),
        "Tenant": graphs.tenants(own),
    }
    for name, rows in pages.items():
        cloudwatch.Dashboard(
            scope,
            f"Dashboard{name}",
            # Dashboard names are unique in an account; the stage makes them so.
            dashboard_name=f"TopK-{deployment.name}-{name}" if not deployment.local else None,
            default_interval=cdk.Duration.hours(12),
            widgets=[list(row) for row in rows],
        )
