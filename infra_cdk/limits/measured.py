"""What a stage uses of AWS's quotas, measured on its resolved templates."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_cdk.limits.names import Place, Template, resolved
from infra_cdk.limits.quotas import QUOTAS, Quota

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """How much `subject` uses of the quota named `key`."""

    key: str
    subject: str
    used: float

    @property
    def quota(self) -> Quota:
        return QUOTAS[self.key]

    @property
    def share(self) -> float:
        return self.used / self.quota.value

    @property
    def exceeded(self) -> bool:
        """Whether a fixed quota is used beyond its margin."""
        return not self.quota.adjustable and self.share > self.quota.margin


def measured(templates: Mapping[str, Template], regions: Mapping[str, str]) -> list[Measurement]:
    """The measurements of all stacks of a stage. `regions` are by stack."""
    found: list[Measurement] = []
    everything: dict[str, Mapping[str, Any]] = {}
    for stack, template in templates.items():
        found += _of_template(stack, template)
        resources = resolved(stack, templates, regions).get("Resources", {})
        place = Place(stack, regions[stack], template.get("Resources", {}))
        for name, resource in resources.items():
            for measure in _BY_TYPE.get(str(resource["Type"]), ()):
                found += measure(name, resource.get("Properties", {}))
            # By ARN, because one stack's mapping reads another's queue.
            everything[place.attribute(name, "Arn")] = resource
    called = behind_api(templates)
    found += [
        Measurement("api_timeout", one.subject, one.used)
        for one in found
        if one.key == "function_timeout" and one.subject in called
    ]
    return [*found, *_together(everything)]


def packages(folders: Mapping[str, Iterable[Path]]) -> Iterator[Measurement]:
    """Bytes of each function's code and layers, unpacked. `folders` are by function."""
    for function, parts in folders.items():
        files = (file for part in parts for file in part.rglob("*") if file.is_file())
        yield Measurement("package", function, sum(file.stat().st_size for file in files))


def largest(found: Iterable[Measurement]) -> dict[str, Measurement]:
    """By key: the measurement that uses most of its quota."""
    most: dict[str, Measurement] = {}
    for one in found:
        if one.key not in most or one.used > most[one.key].used:
            most[one.key] = one
    return most


def _of_template(stack: str, template: Template) -> Iterator[Measurement]:
    yield Measurement("resources", stack, len(template.get("Resources", {})))
    yield Measurement("outputs", stack, len(template.get("Outputs", {})))
    # CDK uploads templates without white space.
    yield Measurement("template", stack, len(_compact(template).encode()))


def _function(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    environment = given.get("Environment", {}).get("Variables", {})
    yield Measurement("environment", name, len(_compact(environment).encode()))
    yield Measurement("layers", name, len(given.get("Layers", ())))
    yield Measurement("function_timeout", name, given.get("Timeout", 3))
    yield Measurement("memory", name, given.get("MemorySize", 128))


def _queue(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    yield Measurement("queue_visibility", name, given.get("VisibilityTimeout", 30))
    yield Measurement("queue_retention", name, given.get("MessageRetentionPeriod", 345_600))
    yield Measurement("queue_delay", name, given.get("DelaySeconds", 0))


def _mapping(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    stream = ":dynamodb:" in given["EventSourceArn"]
    batch, window = given.get("BatchSize", 10), given.get("MaximumBatchingWindowInSeconds", 0)
    yield Measurement("stream_batch" if stream else "queue_batch", name, batch)
    if not stream and not window:
        yield Measurement("queue_batch_at_once", name, batch)
    yield Measurement("batching_window", name, window)
    yield Measurement("parallel_batches", name, given.get("ParallelizationFactor", 1))
    limit = given.get("ScalingConfig", {}).get("MaximumConcurrency", 0)
    yield Measurement("mapping_concurrency", name, limit)
    filters = given.get("FilterCriteria", {}).get("Filters", ())
    yield Measurement("filters", name, len(filters))
    for one in filters:
        yield Measurement("filter", name, len(one["Pattern"]))


def _alarm(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    yield Measurement("alarm_metrics", name, len(given.get("Metrics", ())) or 1)


def _dashboard(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    widgets = json.loads(given["DashboardBody"])["widgets"]
    yield Measurement("dashboard_widgets", name, len(widgets))


def _rule(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    yield Measurement("rule_targets", name, len(given.get("Targets", ())))


def _canary(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    alarms = given.get("AlarmConfiguration", {}).get("Alarms", ())
    yield Measurement("canary_alarms", name, len(alarms))


def _managed_policy(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    yield Measurement("managed_policy", name, len(_compact(given["PolicyDocument"])))


def _stage(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    yield Measurement("api_log", name, len(given.get("AccessLogSettings", {}).get("Format", "")))


def _distribution(name: str, given: Mapping[str, Any]) -> Iterator[Measurement]:
    behaviors = given["DistributionConfig"].get("CacheBehaviors", ())
    yield Measurement("behaviors", name, len(behaviors) + 1)


Measure = Callable[[str, Mapping[str, Any]], Iterator[Measurement]]
_BY_TYPE: Mapping[str, tuple[Measure, ...]] = {
    "AWS::Lambda::Function": (_function,),
    "AWS::Lambda::EventSourceMapping": (_mapping,),
    "AWS::SQS::Queue": (_queue,),
    "AWS::CloudWatch::Alarm": (_alarm,),
    "AWS::CloudWatch::Dashboard": (_dashboard,),
    "AWS::Events::Rule": (_rule,),
    "AWS::CodeDeploy::DeploymentGroup": (_canary,),
    "AWS::IAM::ManagedPolicy": (_managed_policy,),
    "AWS::ApiGatewayV2::Stage": (_stage,),
    "AWS::CloudFront::Distribution": (_distribution,),
}


def _together(resources: Resources) -> Iterator[Measurement]:
    """What several resources use of one quota. `resources` are by ARN."""
    yield from _policies(resources)
    yield from _visibility(resources)
    counted = {
        "api_routes": ("AWS::ApiGatewayV2::Route", "ApiId"),
        "api_integrations": ("AWS::ApiGatewayV2::Integration", "ApiId"),
        "stream_readers": ("AWS::Lambda::EventSourceMapping", "EventSourceArn"),
    }
    for key, (kind, field) in counted.items():
        owners = Counter(given[field] for given in _of(resources, kind).values())
        for owner, count in owners.items():
            if key != "stream_readers" or ":dynamodb:" in owner:
                yield Measurement(key, owner, count)
    for key, kind in {
        "alarms": "AWS::CloudWatch::Alarm",
        "distributions": "AWS::CloudFront::Distribution",
    }.items():
        yield Measurement(key, "all stacks", len(_of(resources, kind)))


def _of(resources: Resources, kind: str) -> dict[str, Mapping[str, Any]]:
    return {
        name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind
    }


def _policies(resources: Resources) -> Iterator[Measurement]:
    """Inline policies by role, and the statements that permissions add to a function's policy."""
    inline: Counter[str] = Counter()
    for given in _of(resources, "AWS::IAM::Policy").values():
        for role in given.get("Roles", ()):
            inline[role] += len(_compact(given["PolicyDocument"]))
    for role, characters in inline.items():
        yield Measurement("role_policies", role, characters)
    allowed: Counter[str] = Counter()
    for name, given in _of(resources, "AWS::Lambda::Permission").items():
        allowed[given["FunctionName"]] += len(_compact(_statement(name, given))) + 1
    for function, size in allowed.items():
        yield Measurement("function_policy", function, size + len(_EMPTY_POLICY))


_EMPTY_POLICY = '{"Version":"2012-10-17","Id":"default","Statement":[]}'


def _statement(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """The statement that Lambda makes of a permission."""
    return {
        "Sid": name.rpartition(":")[2],
        "Effect": "Allow",
        "Principal": {"Service": given["Principal"]},
        "Action": given["Action"],
        "Resource": given["FunctionName"],
        "Condition": {"ArnLike": {"AWS:SourceArn": given.get("SourceArn", "")}},
    }


def _visibility(resources: Resources) -> Iterator[Measurement]:
    """How long functions run, against how long their queues hide a batch."""
    timeouts = {
        arn.rpartition(":")[2]: given.get("Timeout", 3)
        for arn, given in _of(resources, "AWS::Lambda::Function").items()
    }
    queues = _of(resources, "AWS::SQS::Queue")
    for name, given in _of(resources, "AWS::Lambda::EventSourceMapping").items():
        queue = queues.get(given["EventSourceArn"])
        # By name, or by an ARN that may end with an alias.
        function = next((one for one in timeouts if one in given["FunctionName"]), None)
        if queue is not None and function is not None:
            hidden = queue.get("VisibilityTimeout", 30)
            yield Measurement("visibility", name, 100 * timeouts[function] / hidden)


def behind_api(templates: Mapping[str, Template]) -> set[str]:
    """Logical ids of the functions that APIs call, directly or by an alias."""
    found = set()
    for template in templates.values():
        resources = template.get("Resources", {})
        for given in _of(resources, "AWS::ApiGatewayV2::Integration").values():
            target = _referred(given["IntegrationUri"])
            if resources.get(target, {}).get("Type") == "AWS::Lambda::Alias":
                target = _referred(resources[target]["Properties"]["FunctionName"])
            found.add(target)
    return found


def _referred(value: Any) -> str:
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, _]}:
            return str(name)
    return ""


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
