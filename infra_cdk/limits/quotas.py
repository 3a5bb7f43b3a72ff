"""AWS's quotas that a deployment can reach, checked on the date below.

`margin` is the share of a quota that a deployment may use: 80% of what grows with tenants,
providers and functions, all of what is a setting of our own. An adjustable quota can be raised, so
it is only reported: docs/quotas.md says what to request.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CHECKED = "2026-12-01"
GROWS, CHOSEN = 0.8, 1.0

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_LAMBDA_SQS = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
_LAMBDA_SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"
_LAMBDA_MAPPING = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"
_LAMBDA_FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"
_CLOUDFORMATION = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
)
_HTTP_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
_API_GATEWAY = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"
_STREAMS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"
_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html"
_CODEDEPLOY = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-codedeploy-deploymentgroup-alarmconfiguration.html"
)
_CLOUDWATCH = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"
)
_EVENTBRIDGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
_CLOUDFRONT = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
)
_CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services"


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota of an account or a resource.

    `service` and `code` identify an adjustable quota in Service Quotas. Without a code, AWS's pages
    name none that is certain, and the quota is found there by its name; without a service, it
    cannot be requested by itself. The codes are those of the links in AWS's tables of quotas, such
    as https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html.
    """

    what: str
    value: float
    unit: str
    source: str
    adjustable: bool = False
    margin: float = GROWS
    service: str = ""
    code: str = ""

    @property
    def request_url(self) -> str:
        """The page of the console that requests more; empty without a code. Its region is that of
        the console."""
        return f"{_CONSOLE}/{self.service}/quotas/{self.code}" if self.code else ""


QUOTAS: Mapping[str, Quota] = {
    # Lambda
    "environment": Quota("environment variables of a function, as JSON", 4096, "bytes", _LAMBDA),
    "package": Quota("function and its layers, unpacked", 250 * 2**20, "bytes", _LAMBDA),
    "layers": Quota("layers of a function", 5, "layers", _LAMBDA),
    "function_policy": Quota("resource policy of a function", 20 * 2**10, "bytes", _LAMBDA),
    "function_timeout": Quota("timeout of a function", 900, "s", _LAMBDA, margin=CHOSEN),
    "memory": Quota("memory of a function", 10_240, "MB", _LAMBDA, margin=CHOSEN),
    "queue_batch": Quota("batch from a queue", 10_000, "messages", _LAMBDA_SQS, margin=CHOSEN),
    "queue_batch_at_once": Quota(
        "batch from a queue without a batching window", 10, "messages", _LAMBDA_SQS, margin=CHOSEN
    ),
    "stream_batch": Quota("batch from a stream", 10_000, "records", _LAMBDA_MAPPING, margin=CHOSEN),
    "batching_window": Quota("batching window", 300, "s", _LAMBDA_MAPPING, margin=CHOSEN),
    "parallel_batches": Quota(
        "concurrent batches of a shard", 10, "batches", _LAMBDA_MAPPING, margin=CHOSEN
    ),
    "mapping_concurrency": Quota(
        "maximum concurrency of a queue", 1000, "functions", _LAMBDA_SCALING, margin=CHOSEN
    ),
    "filters": Quota("filters of an event source mapping", 5, "filters", _LAMBDA_FILTERS),
    "filter": Quota("a filter's pattern", 4096, "characters", _LAMBDA_FILTERS),
    "visibility": Quota(
        "timeout of a function within the visibility timeout of its queue, in percent",
        100,
        "%",
        _LAMBDA_SQS,
        margin=CHOSEN,
    ),
    # CloudFormation
    "resources": Quota("resources of a stack", 500, "resources", _CLOUDFORMATION),
    "outputs": Quota("outputs of a stack", 200, "outputs", _CLOUDFORMATION),
    "template": Quota("template", 1_000_000, "bytes", _CLOUDFORMATION),
    # IAM
    "role_policies": Quota(
        "inline policies of a role, without white space", 10_240, "characters", _IAM
    ),
    "managed_policy": Quota("managed policy, without white space", 6_144, "characters", _IAM),
    # API Gateway
    "api_integrations": Quota("integrations of an API", 300, "integrations", _HTTP_API),
    "api_timeout": Quota(
        "timeout of a function behind an API", 30, "s", _HTTP_API, margin=CHOSEN
    ),
    "api_log": Quota("access log template", 3 * 2**10, "bytes", _HTTP_API),
    # Queues, streams, events, alarms
    "queue_visibility": Quota("visibility timeout", 43_200, "s", _SQS, margin=CHOSEN),
    "queue_retention": Quota("retention of messages", 1_209_600, "s", _SQS, margin=CHOSEN),
    "queue_delay": Quota("delay of messages", 900, "s", _SQS, margin=CHOSEN),
    "stream_readers": Quota("readers of a table's stream", 2, "readers", _STREAMS, margin=CHOSEN),
    "rule_targets": Quota("targets of a rule", 5, "targets", _EVENTBRIDGE),
    "alarm_metrics": Quota("metrics of an alarm", 10, "metrics", _CLOUDWATCH),
    "dashboard_widgets": Quota("widgets of a dashboard", 500, "widgets", _CLOUDWATCH),
    "canary_alarms": Quota("alarms of a deployment group", 10, "alarms", _CODEDEPLOY),
    # Adjustable
    "concurrency": Quota(
        "concurrent executions of all functions", 1000, "functions", _LAMBDA,
        adjustable=True, service="lambda", code="L-B99A9384",
    ),
    "api_requests": Quota(
        "requests a second of all APIs in a region", 10_000, "requests/s", _API_GATEWAY,
        adjustable=True, service="apigateway", code="L-8A5B8E43",
    ),
    "api_burst": Quota(
        "burst of all APIs in a region; AWS sets it with the rate", 5_000, "requests", _API_GATEWAY,
        adjustable=True,
    ),
    "api_routes": Quota(
        "routes of an API", 300, "routes", _HTTP_API,
        adjustable=True, service="apigateway", code="L-65B5C802",
    ),
    "table_writes": Quota(
        "write units a second of a table on demand", 40_000, "units/s", _DYNAMODB,
        adjustable=True, service="dynamodb", code="L-AB614373",
    ),
    "table_reads": Quota(
        "read units a second of a table on demand", 40_000, "units/s", _DYNAMODB,
        adjustable=True, service="dynamodb", code="L-CF0CBE56",
    ),
    "distributions": Quota(
        "distributions of an account", 500, "distributions", _CLOUDFRONT,
        adjustable=True, service="cloudfront", code="L-24B04930",
    ),
    "behaviors": Quota(
        "cache behaviors of a distribution", 75, "behaviors", _CLOUDFRONT,
        adjustable=True, service="cloudfront",
    ),
    "alarms": Quota(
        "alarms of a region", 5_000, "alarms", _CLOUDWATCH,
        adjustable=True, service="monitoring",
    ),
}  # fmt: skip
