"""Every limit of AWS that the product can meet, and what keeps it on the emulator.

A limit is kept by the emulator itself, by a fix of ours, or is not modelled, with the reason. The
emulator applies the fixes in this list, and tests/emulator/limits has a contract test for each
limit that is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simulator.emulator.limits import (
    deletions,
    event_sources,
    functions,
    gateway,
    invocations,
    policies,
    queues,
    recursion,
    stub_resources,
    tables,
    values,
)

Fix = Callable[[], None]
AWS = "https://docs.aws.amazon.com"
_LAMBDA = f"{AWS}/lambda/latest/dg/gettingstarted-limits.html"
_HTTP_API = f"{AWS}/apigateway/latest/developerguide/http-api-quotas.html"
_SQS = f"{AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"
_DYNAMODB = f"{AWS}/amazondynamodb/latest/developerguide/Constraints.html"
_CLOUDFORMATION = f"{AWS}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
_IAM = f"{AWS}/IAM/latest/UserGuide/reference_iam-quotas.html"


@dataclass(frozen=True, slots=True)
class Limit:
    """`value` as AWS writes it. Kept by `fix`; without one and without `why_not`, by the emulator
    itself; not modelled for the reason `why_not`."""

    service: str
    what: str
    value: str
    source: str
    fix: Fix | None = None
    why_not: str = ""

    @property
    def name(self) -> str:
        return f"{self.service}: {self.what}"

    @property
    def is_kept(self) -> bool:
        return not self.why_not


def _of(service: str, source: str) -> Callable[..., Limit]:
    def limit(what: str, value: str, fix: Fix | None = None, why_not: str = "") -> Limit:
        return Limit(service, what, value, source, fix, why_not)

    return limit


_lambda, _api, _sqs = _of("Lambda", _LAMBDA), _of("HTTP API", _HTTP_API), _of("SQS", _SQS)
_dynamodb = _of("DynamoDB", _DYNAMODB)
_stack, _iam = _of("CloudFormation", _CLOUDFORMATION), _of("IAM", _IAM)
_BY_QUOTAS = "the emulator has one account's quotas; the templates are measured against AWS's"

LIMITS: Sequence[Limit] = (
    _lambda("environment", "4 KB as JSON", functions.refuse_large_environments),
    _lambda("variables set by Lambda", "reserved", functions.refuse_reserved_variables),
    _lambda("timeout of a function", "900 s", functions.refuse_sizes_out_of_range),
    _lambda("memory of a function", "128 to 10,240 MB", functions.refuse_sizes_out_of_range),
    _lambda("end of a function at its timeout", "enforced"),
    _lambda("synchronous request", "6 MB", invocations.refuse_large_requests),
    _lambda("asynchronous request", "1 MB", invocations.refuse_large_requests),
    _lambda("response", "6 MB", invocations.refuse_large_responses),
    _lambda("reserved concurrency", "throttled above"),
    _lambda(
        "reserved concurrency of a template", "throttled above", functions.keep_reserved_concurrency
    ),
    _lambda(
        "unreserved concurrency of an account", "at least 100", functions.keep_reserved_concurrency
    ),
    _lambda("resource policy", "20 KB", functions.refuse_long_policies),
    _lambda("chain through SQS", "16 invocations", recursion.stop_recursion),
    _lambda(
        "visibility timeout of a source queue",
        "at least the function's timeout",
        event_sources.refuse_short_visibility,
    ),
    _lambda("batch of a mapping", "10,000", event_sources.refuse_large_batches),
    _lambda("batch without a window", "10", event_sources.refuse_large_batches),
    _lambda("batching window", "300 s", event_sources.refuse_large_batches),
    _lambda("event of a batch", "6 MB", event_sources.end_batches_at_six_megabytes),
    _lambda("concurrency of a mapping", "2 to 1,000"),
    _lambda(
        "concurrency of an account",
        "1,000",
        why_not="the machine's cores limit it earlier; the templates' sum is measured",
    ),
    _lambda("scaling rate", "1,000 in 10 s", why_not="needs more workers than a machine has"),
    _lambda("memory in use", "the function's memory", why_not="workers are plain processes"),
    _api("preflight requests", "by routes, then CORS", gateway.route_preflights),
    _api("body of a request", "10 MB", gateway.refuse_large_bodies),
    _api("body for a function", "6 MB", gateway.refuse_large_bodies),
    _api("request line and header values", "10,240 bytes", gateway.refuse_large_heads),
    _api("throttle of a stage", "as configured", gateway.throttle_requests),
    _api("throttle of a route", "as configured", gateway.throttle_requests),
    _api("wait for an integration", "30 s", gateway.give_up_after_the_timeout),
    _api("timeout of an integration", "50 ms to 30 s", gateway.refuse_long_timeouts),
    _api("disabled execute-api endpoint", "404", gateway.close_disabled_endpoints),
    _api("throttle of an account", "10,000 requests/s", why_not="a machine does not reach it"),
    _api("routes and integrations of an API", "300, 300", why_not=_BY_QUOTAS),
    _sqs("message", "1 MiB"),
    _sqs("message with attributes", "1 MiB", queues.measure_attributes),
    _sqs("attributes of a message", "10", queues.measure_attributes),
    _sqs("messages of a batch", "10"),
    _sqs("size of a batch", "1 MiB"),
    _sqs("delay", "900 s", queues.refuse_times_out_of_range),
    _sqs("visibility timeout of a message", "12 h", queues.refuse_times_out_of_range),
    _sqs("visibility timeout of a queue", "12 h"),
    _sqs("wait of a receiver", "20 s", queues.refuse_times_out_of_range),
    _sqs("messages in flight", "120,000", queues.limit_messages_in_flight),
    _dynamodb("item", "400 KB"),
    _dynamodb("item after an update", "400 KB"),
    _dynamodb("actions of a transaction", "100"),
    _dynamodb("size of a transaction", "4 MB"),
    _dynamodb("keys of BatchGetItem", "100"),
    _dynamodb("requests of BatchWriteItem", "25"),
    _dynamodb(
        "response of BatchGetItem", "16 MB", tables.end_batches_of_reads_at_sixteen_megabytes
    ),
    _dynamodb("page of a query", "1 MB"),
    _dynamodb("empty strings in keys", "refused"),
    _dynamodb("partition key", "2,048 bytes"),
    _dynamodb("sort key", "1,024 bytes"),
    _dynamodb("expression", "4 KB"),
    _dynamodb(
        "units of a partition",
        "1,000 writes/s, 3,000 reads/s",
        why_not="world time jumps; the in-memory AWS counts units of each partition",
    ),
    _stack("resources", "500"),
    _stack("outputs", "200"),
    _stack("parameters", "200"),
    _stack("template in a request", "51,200 bytes"),
    _stack("template in S3", "1 MB"),
    _stack("value of a parameter", "4,096 bytes"),
    _stack("deletion of a bucket with objects", "refused", deletions.keep_full_buckets),
    _stack("deletion of a protected table", "refused", deletions.keep_protected_tables),
    _stack("resource types without a counterpart", "stubs", stub_resources.accept_stub_resources),
    _iam("managed policy", "6,144 characters", policies.refuse_large_managed_policies),
    _iam("inline policies of a role", "10,240 characters", policies.refuse_large_inline_policies),
    _iam("trust policy", "2,048 characters", policies.refuse_large_trust_policies),
    _iam("managed policies of a role", "10", why_not="adjustable; no role of ours has two"),
    Limit(
        "KMS",
        "plaintext",
        "4,096 bytes",
        f"{AWS}/kms/latest/APIReference/API_Encrypt.html",
        values.refuse_large_plaintexts,
    ),
    Limit(
        "Secrets Manager",
        "secret",
        "65,536 bytes",
        f"{AWS}/secretsmanager/latest/userguide/reference_limits.html",
        values.refuse_large_secrets,
    ),
    Limit(
        "EventBridge",
        "entries of PutEvents",
        "10",
        f"{AWS}/eventbridge/latest/APIReference/API_PutEvents.html",
    ),
    Limit(
        "EventBridge",
        "size of PutEvents",
        "1 MB",
        "https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb",
        values.refuse_large_events,
    ),
    Limit(
        "EventBridge",
        "targets of a rule",
        "5",
        f"{AWS}/eventbridge/latest/userguide/eb-quota.html",
        values.refuse_many_targets,
    ),
    Limit(
        "SNS",
        "message",
        "256 KB",
        f"{AWS}/sns/latest/api/API_Publish.html",
    ),
)


def keep_limits() -> None:
    """Apply the fixes to the emulator in this process."""
    for fix in fixes():
        fix()


def fixes() -> Iterator[Fix]:
    """Each fix once, in the order of the list."""
    yield from dict.fromkeys(one.fix for one in LIMITS if one.fix)
