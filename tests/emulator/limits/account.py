"""An account on the emulator with one of everything that has limits."""

import io
import json
import zipfile
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from simulator.emulator.process import ACCOUNT, REGION, ROOT_CREDENTIALS
from tests.waiting import eventually

NAME = "limited"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
SOURCE = """
import json, time
def handler(event, context):
    asked = event.get("queryStringParameters") or event
    time.sleep(float(asked.get("seconds", 0)))
    route = event.get("routeKey", "")
    return {"statusCode": 200, "body": route + "x" * int(asked.get("bytes", 0))}
"""
# Sends what it gets, counted, to its own queue until it ran 20 times, and tells SEEN.
CHAIN = """
import os, boto3
queues = boto3.client("sqs")
def handler(event, context):
    for record in event["Records"]:
        ran = int(record["body"]) + 1
        queues.send_message(QueueUrl=os.environ["SEEN"], MessageBody=str(ran))
        if ran < 20:
            queues.send_message(QueueUrl=os.environ["OWN"], MessageBody=str(ran))
"""
Members = dict[str, Any]


class Account:
    def __init__(self, url: str) -> None:
        self.url = url
        self._clients: dict[tuple[str, str], Any] = {}
        self.client("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=TRUST)
        self.client("iam").put_role_policy(
            RoleName=NAME, PolicyName=NAME, PolicyDocument=policy(["sqs:*"], "*")
        )
        self.create_function(NAME, SOURCE, Timeout=1)
        self.queue = self.create_queue(NAME, VisibilityTimeout="600")
        self.hasty_queue = self.create_queue("hasty", VisibilityTimeout="0")
        self.client("dynamodb").create_table(
            TableName=NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in "ps"],
            KeySchema=[
                {"AttributeName": "p", "KeyType": "HASH"},
                {"AttributeName": "s", "KeyType": "RANGE"},
            ],
        )

    def client(self, service: str, region: str = REGION) -> Any:
        """Does not check requests itself, and does not repeat them."""
        if (service, region) not in self._clients:
            self._clients[service, region] = get_session().create_client(
                service,
                endpoint_url=self.url,
                region_name=region,
                config=Config(
                    proxies={}, parameter_validation=False, retries={"total_max_attempts": 1}
                ),
                aws_access_key_id=ROOT_CREDENTIALS.key_id,
                aws_secret_access_key=ROOT_CREDENTIALS.secret,
            )
        return self._clients[service, region]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def create_function(self, name: str, source: str, **configuration: Any) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as files:
            files.writestr("index.py", source)
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="index.handler",
            Role=f"arn:aws:iam::{ACCOUNT}:role/{NAME}",
            Code={"ZipFile": packed.getvalue()},
            **configuration,
        )

    def create_queue(self, name: str, **attributes: str) -> str:
        made = self.client("sqs").create_queue(QueueName=name, Attributes=attributes)
        url: str = made["QueueUrl"]
        return url

    def received(self, url: str) -> list[str]:
        """The messages that wait, taken out of the queue."""
        queues = self.client("sqs")
        found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=60)
        for one in found.get("Messages", []):
            queues.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return [one["Body"] for one in found.get("Messages", [])]

    @cached_property
    def key(self) -> str:
        key: str = self.client("kms").create_key()["KeyMetadata"]["KeyId"]
        return key

    @cached_property
    def receipt(self) -> str:
        """Of a message in `queue`."""
        queues = self.client("sqs")
        queues.send_message(QueueUrl=self.queue, MessageBody="hidden")
        receipt: str = queues.receive_message(QueueUrl=self.queue)["Messages"][0]["ReceiptHandle"]
        return receipt

    def refusal(self, service: str, operation: str, **members: Any) -> tuple[str, str]:
        """Error code and message of a call that must not succeed."""
        try:
            answer = getattr(self.client(service), operation)(**members)
        except ClientError as error:
            response = error.response["Error"]
            return response["Code"], response["Message"]
        raise AssertionError(f"{operation} was accepted: {answer}")

    def stack(self, name: str, template: Members, region: str = REGION) -> tuple[str, str]:
        """Create a stack: its status at the end, and the first reason for a failure."""
        stacks = self.client("cloudformation", region)
        stacks.create_stack(
            StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
        return self.finished(name, region)

    def deleted(self, name: str) -> tuple[str, str]:
        """Delete a stack: as `stack`, with the status "gone" if it succeeded."""
        stacks = self.client("cloudformation")
        stacks.delete_stack(StackName=name)
        try:
            return self.finished(name)
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return "gone", ""

    def finished(self, name: str, region: str = REGION) -> tuple[str, str]:
        stacks = self.client("cloudformation", region)

        def status() -> str | None:
            found: str = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return None if found.endswith("IN_PROGRESS") else found

        ended = eventually(status)
        events = stacks.describe_stack_events(StackName=name)["StackEvents"]
        failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED")]
        return ended, failed[-1].get("ResourceStatusReason", "") if failed else ""


def arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue.rpartition('/')[2]}"


def policy(actions: list[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
