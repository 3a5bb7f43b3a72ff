"""Values that AWS fills into a template, as long as AWS makes them.

CloudFormation names a resource `stack-logical id-random` and cuts the front to what the type
allows. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Template = Mapping[str, Any]
ACCOUNT = "123456789012"
RANDOM = "ABCDEFGHIJKLM"
"""CloudFormation appends 12 or 13 characters."""
_UUID = "12345678-1234-1234-1234-123456789012"
_LONGEST = {
    "AWS::Lambda::Function": 64,
    "AWS::IAM::Role": 64,
    "AWS::SQS::Queue": 80,
    "AWS::S3::Bucket": 63,
    "AWS::Events::Rule": 64,
}
_IDS = {
    "AWS::ApiGatewayV2::Api": 10,
    "AWS::AppConfig::Application": 7,
    "AWS::AppConfig::Environment": 7,
    "AWS::AppConfig::ConfigurationProfile": 7,
}
"""Types that AWS names by random characters, and how many."""
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/TopK/{_UUID}",
}
_REFS = {
    "AWS::SQS::Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{region}:{account}:secret:{name}",
    "AWS::Lambda::LayerVersion": "arn:aws:lambda:{region}:{account}:layer:{name}:1000",
    "AWS::Lambda::Version": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::Lambda::Alias": "arn:aws:lambda:{region}:{account}:function:{name}",
}
"""What `Ref` returns other than the name."""
_ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::WAFv2::WebACL": "arn:aws:wafv2:{region}:{account}:global/webacl/{name}/" + _UUID,
}


@dataclass(frozen=True, slots=True)
class Place:
    """The resources of one stack, and where it is deployed."""

    stack: str
    region: str
    resources: Mapping[str, Any]

    def ref(self, logical_id: str) -> str:
        """What `Ref` returns."""
        pseudo = {"AWS::Region": self.region, "AWS::StackName": self.stack, **_PSEUDO}
        if logical_id in pseudo:
            return pseudo[logical_id]
        kind, name = self._kind(logical_id), self._name(logical_id)
        if kind in {"AWS::Lambda::Version", "AWS::Lambda::Alias"}:
            called = self.resources[logical_id]["Properties"]
            name = self._name(called["FunctionName"]["Ref"])
            return self._filled(_REFS[kind], f"{name}:{called.get('Name', '1000')}")
        if kind == "AWS::SecretsManager::Secret":
            # Without the stack; Secrets Manager adds a hyphen and six characters.
            return self._filled(_REFS[kind], f"{logical_id}-{RANDOM}-ABCDEF")
        return self._filled(_REFS.get(kind, "{name}"), name)

    def attribute(self, logical_id: str, attribute: str) -> str:
        """What `Fn::GetAtt` returns."""
        kind, name = self._kind(logical_id), self._name(logical_id)
        arn = self._filled(_ARNS.get(kind, "arn:aws:service:{region}:{account}:{name}"), name)
        found = {
            "Arn": arn,
            "TopicArn": arn,
            "StreamArn": f"{arn}/stream/2026-01-01T00:00:00.000",
            "ApiEndpoint": f"https://{name}.execute-api.{self.region}.amazonaws.com",
            "DomainName": "d111111abcdef8.cloudfront.net",
            "RegionalDomainName": "d-abcdefghij.execute-api.amazonaws.com",
        }
        return found.get(attribute, name)

    def _kind(self, logical_id: str) -> str:
        return str(self.resources.get(logical_id, {}).get("Type", ""))

    def _name(self, logical_id: str) -> str:
        kind = self._kind(logical_id)
        if kind == "AWS::KMS::Key":
            return _UUID
        if kind in _IDS:
            return hashlib.sha256(f"{self.stack}/{logical_id}".encode()).hexdigest()[: _IDS[kind]]
        given = self.resources.get(logical_id, {}).get("Properties", {})
        for field in ("Name", "EventBusName", "LogGroupName"):
            if isinstance(given.get(field), str):
                return str(given[field])
        longest = _LONGEST.get(kind, 255)
        kept = f"{self.stack}-{logical_id}"[: longest - len(RANDOM) - 1]
        return f"{kept}-{RANDOM}"

    def _filled(self, pattern: str, name: str) -> str:
        return pattern.format(region=self.region, account=ACCOUNT, name=name)


def resolved(
    stack: str, templates: Mapping[str, Template], regions: Mapping[str, str]
) -> dict[str, Any]:
    """The template of `stack` with every intrinsic function replaced by its value.

    `regions` are by stack. References to other stacks are resolved in `templates`. Raises KeyError
    for an unknown stack or output.
    """

    def place(name: str) -> Place:
        return Place(name, regions[name], templates[name].get("Resources", {}))

    def value_of(node: Any, where: Place) -> Any:
        if isinstance(node, list):
            return [value_of(one, where) for one in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((function, given),) = node.items()
            if function in _FUNCTIONS:
                return _FUNCTIONS[function](given, where, value_of)
            if function == "Fn::GetStackOutput":
                there = place(given["StackName"])
                output = templates[there.stack]["Outputs"][given["OutputName"]]["Value"]
                return value_of(output, there)
        return {name: value_of(one, where) for name, one in node.items()}

    found: dict[str, Any] = value_of(dict(templates[stack]), place(stack))
    return found


Value = Callable[[Any, Place], Any]


def _join(given: Any, where: Place, value_of: Value) -> str:
    separator, parts = given
    return str(separator).join(str(one) for one in value_of(parts, where))


def _sub(given: Any, where: Place, value_of: Value) -> str:
    text, variables = given if isinstance(given, list) else (given, {})
    for name, value in variables.items():
        text = text.replace(f"${{{name}}}", str(value_of(value, where)))
    for name in ("AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"):
        text = text.replace(f"${{{name}}}", where.ref(name))
    return str(text)


def _select(given: Any, where: Place, value_of: Value) -> Any:
    index, parts = value_of(given, where)
    return parts[int(index)]


def _split(given: Any, where: Place, value_of: Value) -> list[str]:
    separator, text = value_of(given, where)
    return str(text).split(str(separator))


_FUNCTIONS: Mapping[str, Callable[[Any, Place, Value], Any]] = {
    "Ref": lambda given, where, _: where.ref(given),
    "Fn::GetAtt": lambda given, where, _: where.attribute(given[0], given[1]),
    "Fn::Join": _join,
    "Fn::Sub": _sub,
    "Fn::Select": _select,
    "Fn::Split": _split,
}
