"""A resource of each kind that roles are granted, and a role to try."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from cli.local_stack.emulator_client import client
from simulator.emulator.process import ACCOUNT, REGION

NAME = "guarded"
KEYS = ("owner", "other")


@dataclass(frozen=True, slots=True)
class Call:
    """One that needs `action` on the resource of the kind `on`."""

    operation: str
    action: str
    on: str
    parameters: Mapping[str, Any]


class Guarded:
    """`arns` are of the table, its index, the queue, the key and the secret."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._iam = client("iam", url)
        self._iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=_anybody_of_the_account())
        client("dynamodb", url).create_table(
            TableName=NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in KEYS],
            KeySchema=_schema(*KEYS),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_other",
                    "KeySchema": _schema(*reversed(KEYS)),
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        )
        self._queue = client("sqs", url).create_queue(QueueName=NAME)["QueueUrl"]
        secret = client("secretsmanager", url).create_secret(Name=NAME, SecretString="fake")
        table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{NAME}"
        self.arns = {
            "table": table,
            "index": f"{table}/index/by_other",
            "queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}",
            "key": client("kms", url).create_key()["KeyMetadata"]["Arn"],
            "secret": secret["ARN"],
        }
        role = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
        taken = client("sts", url).assume_role(RoleArn=role, RoleSessionName=NAME)
        self._session = get_session()
        self._session.set_credentials(
            taken["Credentials"]["AccessKeyId"],
            taken["Credentials"]["SecretAccessKey"],
            taken["Credentials"]["SessionToken"],
        )

    def may(self, call: Call, granted: Iterable[tuple[str, str]]) -> bool:
        """Whether `call` is allowed for a role with the `granted` actions, each on a kind."""
        statements = [_statement(action, self.arns[kind]) for action, kind in granted]
        self._iam.put_role_policy(
            RoleName=NAME, PolicyName=NAME, PolicyDocument=_document(*statements)
        )
        service = call.action.partition(":")[0]
        named = {
            "sqs": {"QueueUrl": self._queue},
            "kms": {"KeyId": self.arns["key"]},
            "secretsmanager": {"SecretId": self.arns["secret"]},
        }
        try:
            self._on_role(service)._make_api_call(
                call.operation, {**named.get(service, {}), **call.parameters}
            )
        except ClientError as error:
            return "AccessDenied" not in error.response["Error"]["Code"]
        return True

    def _on_role(self, service: str) -> Any:
        return self._session.create_client(
            service, endpoint_url=self._url, region_name=REGION, config=Config(proxies={})
        )


def _schema(*keys: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": k, "KeyType": kind} for k, kind in zip(keys, kinds, strict=True)]


def _statement(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _anybody_of_the_account() -> str:
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return _document(trust)
