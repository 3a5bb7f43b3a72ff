"""The rows of the dashboards, in the order of the data flow."""

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from infra_cdk.api.http_api import Api
from infra_cdk.config import Deployment
from infra_cdk.functions.function import Function
from infra_cdk.monitoring.metrics import Metrics as OwnMetrics
from infra_cdk.monitoring.objectives import late, slow, unavailable

FULL_WIDTH = 24
HOUR = Duration.hours(1)
Row = list[cloudwatch.IWidget]
Metrics = Sequence[cloudwatch.IMetric]


def service(own: OwnMetrics, functions: Mapping[str, Function], of: Api) -> Iterator[Row]:
    """The objectives, the API, then every function."""
    api = of.api
    yield _row(
        {
            "Requests that failed, % of an hour": [unavailable(of)(HOUR)],
            "Slow requests, % of an hour": [slow(of)(HOUR)],
            "Crawls that came late, % of an hour": [late(own)(HOUR)],
        }
    )
    yield _row(
        {
            "Requests": [api.metric_count()],
            "Latency": [api.metric_latency(statistic=one, label=one) for one in ("p50", "p99")],
            "Errors of callers, of ours": [api.metric_client_error(), api.metric_server_error()],
        }
    )
    for name, made in functions.items():
        yield _row(
            {
                f"{name}: invocations": [made.metric_invocations()],
                f"{name}: errors, throttles": [made.metric_errors(), made.metric_throttles()],
                f"{name}: duration": [
                    made.metric_duration(statistic=one, label=one) for one in ("p50", "p99")
                ],
                f"{name}: cold starts": [own.of("ColdStart", service=name)],
            }
        )


def pipeline(
    own: OwnMetrics,
    functions: Mapping[str, Function],
    queues: Mapping[str, sqs.Queue],
    dead_letters: Mapping[str, sqs.Queue],
) -> Iterator[Row]:
    yield _row(
        {
            "Due, dispatched": [
                own.of(name, service="dispatch", label=name) for name in ("Due", "Dispatched")
            ],
            "Seconds that dispatch is behind": [
                own.of("DispatchBehind", service="dispatch", statistic="Maximum")
            ],
            "Crawls waiting": [
                queue.metric_approximate_number_of_messages_visible(label=name)
                for name, queue in queues.items()
            ],
        }
    )
    yield _row(
        {
            "Crawled": [
                own.of_provider("Crawled", name, statistic="Sum").with_(label=name)
                for name in queues
            ],
            "Staleness p50, p99 (s)": [
                own.of("Staleness", service="crawl", statistic=one, label=one)
                for one in ("p50", "p99")
            ],
            "Lists: ms behind the stream": [
                functions["aggregate"].metric("IteratorAge", statistic="Maximum")
            ],
            "Lists: changed, failed": [
                own.of(name, service="aggregate", label=name)
                for name in ("ListsChanged", "ListsFailed")
            ],
        }
    )
    yield _row(
        {
            "Archive: ms behind the stream": [
                functions["archive"].metric("IteratorAge", statistic="Maximum")
            ],
            "Archive: chunks, rows unreadable": [
                own.of(name, service="archive", label=name)
                for name in ("ChunksArchived", "RowsUnreadable")
            ],
        }
    )
    if "announce" in functions:
        yield _row(
            {
                "Events: ms behind the stream": [
                    functions["announce"].metric("IteratorAge", statistic="Maximum")
                ],
                "Events: sent, failed": [
                    own.of(name, service="announce", label=name)
                    for name in ("Announced", "NotAnnounced")
                ],
            }
        )
    yield _row(
        {
            "Dead letters": [
                queue.metric_approximate_number_of_messages_visible(label=name)
                for name, queue in dead_letters.items()
            ]
        }
    )


def providers(
    own: OwnMetrics, deployment: Deployment, queues: Mapping[str, sqs.Queue]
) -> Iterator[Row]:
    for name, queue in queues.items():
        yield [cloudwatch.TextWidget(markdown=f"## {name}", width=FULL_WIDTH, height=1)]
        yield _row(
            {
                "Crawled, not crawled": _sums(own, name, "Crawled", "NotCrawled"),
                "Plays, new and repeated": _sums(own, name, "PlaysNew", "PlaysRepeated"),
                "Plays that pushes missed": _sums(own, name, "PlaysOnlyCrawled"),
                "Gaps suspected, items skipped": _sums(own, name, "GapsSuspected", "ItemsSkipped"),
                "Items that cannot be read (%)": [own.unreadable(name)],
                "Not crawled, by reason": [_by_reason(own, name)],
            }
        )
        yield _row(
            {
                "Staleness p50, p99 (s)": [
                    own.of_provider("Staleness", name, statistic=one).with_(label=one)
                    for one in ("p50", "p99")
                ],
                "Oldest crawl in the queue (s)": [
                    queue.metric_approximate_age_of_oldest_message(),
                    own.of_provider("QueueAge", name).with_(label="beyond its turn"),
                ],
                "Budget used (%)": [_budget_used(own, name, deployment)],
                "Shut; seconds until a crawl has its turn": [
                    own.of_provider("BreakerOpen", name).with_(label="shut"),
                    own.of_provider("LongestWait", name).with_(label="wait"),
                ],
            }
        )


def tenants(own: OwnMetrics) -> Iterator[Row]:
    """Every tenant that has these metrics, as a search finds them."""
    for name in ("Crawled", "NotCrawled", "Plays"):
        yield _row({f"{name}, by tenant": [_by_tenant(own, name)]})


def _by_tenant(own: OwnMetrics, name: str) -> cloudwatch.IMetric:
    search = f'{{{own.namespace},service,tenant}} MetricName="{name}" service="crawl"'
    return cloudwatch.MathExpression(
        expression=f"SEARCH('{search}', 'Sum', 300)", label="", using_metrics={}
    )


def _row(graphs: Mapping[str, Metrics]) -> Row:
    width = FULL_WIDTH // len(graphs)
    return [
        cloudwatch.GraphWidget(title=title, left=list(shown), width=width)
        for title, shown in graphs.items()
    ]


def _sums(own: OwnMetrics, provider: str, *names: str) -> Metrics:
    return [own.of_provider(name, provider, statistic="Sum").with_(label=name) for name in names]


def _by_reason(own: OwnMetrics, provider: str) -> cloudwatch.IMetric:
    found = f"{own.namespace},provider,reason,service"
    search = f'{{{found}}} MetricName="NotCrawled" provider="{provider}"'
    return cloudwatch.MathExpression(
        expression=f"SEARCH('{search}', 'Sum', 60)", label="", using_metrics={}
    )


def _budget_used(own: OwnMetrics, provider: str, deployment: Deployment) -> cloudwatch.IMetric:
    """Share of the budget that crawls used."""
    budget = deployment.budget(provider)
    share = 100 * budget.requests_per_crawl / budget.requests_per_second
    return cloudwatch.MathExpression(
        expression=f"{share:g} * crawled / PERIOD(crawled)",
        using_metrics={"crawled": own.of_provider("Crawled", provider, statistic="Sum")},
        label="used",
    )
