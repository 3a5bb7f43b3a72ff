"""One page that shows whether the service does its work."""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk.api import TenantApi
from infra_cdk.function import Function

WIDTH = 12
MINUTE = Duration.minutes(1)


def of_provider(name: str, provider: str) -> cloudwatch.Metric:
    """A metric that the crawl function writes for each provider, at its highest."""
    return cloudwatch.Metric(
        namespace="TopK",
        metric_name=name,
        dimensions_map={"provider": provider, "service": "crawl"},
        period=MINUTE,
        statistic="Maximum",
    )


def dashboard(
    scope: Construct,
    *,
    functions: Mapping[str, Function],
    queues: Mapping[str, sqs.Queue],
    dead_letters: Iterable[sqs.Queue],
    apis: Mapping[str, TenantApi],
) -> None:
    """From left to right and down: the way of the data."""
    waiting = [q.metric_approximate_number_of_messages_visible(label=p) for p, q in queues.items()]
    oldest = [q.metric_approximate_age_of_oldest_message(label=p) for p, q in queues.items()]
    dead = [queue.metric_approximate_number_of_messages_visible() for queue in dead_letters]
    shut = [of_provider("BreakerOpen", name).with_(label=name) for name in queues]
    held_up = [of_provider("LongestWait", name).with_(label=name) for name in queues]
    latency = [api.api.metric_latency(label=name, statistic="p99") for name, api in apis.items()]
    failures = [api.api.metric_server_error(label=name) for name, api in apis.items()]
    made = functions.items()
    graphs = {
        "Crawls waiting": (waiting, oldest),
        "Providers shut, seconds until a crawl has its turn": (shut, held_up),
        "Dead letters": (dead, []),
        "Top lists behind the plays": ([functions["aggregate"].metric("IteratorAge")], []),
        "API latency p99, server errors": (latency, failures),
        "Invocations": ([f.metric_invocations(label=name) for name, f in made], []),
        "Errors": ([f.metric_errors(label=name) for name, f in made], []),
        "Duration p99": ([f.metric_duration(label=n, statistic="p99") for n, f in made], []),
    }
    cloudwatch.Dashboard(
        scope,
        "Dashboard",
        widgets=[
            [
                cloudwatch.GraphWidget(title=title, left=left, right=right, width=WIDTH)
                for title, (left, right) in graphs.items()
            ]
        ],
    )
