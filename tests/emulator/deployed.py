"""The contract stack as the tests use it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import httpx2

from cli.local_stack.emulator_client import client
from tests.waiting import eventually

STACK = "contract"


class Deployed:
    """`deploy` first. Resources go by their logical ids in the template."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._names: dict[str, str] = {}

    def client(self, service: str) -> Any:
        return client(service, self._url)

    def deploy(self, template: str) -> None:
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName=STACK, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])

        def finished() -> dict[str, Any] | None:
            stack: dict[str, Any] = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
            return None if stack["StackStatus"] == "CREATE_IN_PROGRESS" else stack

        stack = eventually(finished)
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        self._names = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def name(self, resource: str) -> str:
        """The value of Ref for `resource`."""
        return self._names[resource]

    def invoke(self, function: str, **event: Any) -> Any:
        answer = self.client("lambda").invoke(
            FunctionName=self.name(function), Payload=json.dumps(event)
        )
        return json.loads(answer["Payload"].read())

    def request(
        self,
        api: str = "",
        *,
        method: str = "GET",
        origin: str = "",
        path: str = "/here",
        label: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """To `api` or, without, to the host name `label` of the stage's API."""
        url = f"{self._url}/_aws/execute-api/{label or self.name(api)}/$default{path}"
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        headers = {**asked, **(headers or {})}
        return httpx2.request(method, url, headers=headers, timeout=30, trust_env=False)

    def put(self, table: str, *keys: str, **attributes: str) -> None:
        """Write items with these keys in one batch."""
        values = {name: {"S": value} for name, value in attributes.items()}
        items = [{"PutRequest": {"Item": {"id": {"S": key}, **values}}} for key in keys]
        self.client("dynamodb").batch_write_item(RequestItems={self.name(table): items})

    def send(self, queue: str, body: str) -> None:
        self.client("sqs").send_message(QueueUrl=self.name(queue), MessageBody=body)

    def receive(self, queue: str) -> list[Any]:
        """The messages that wait in `queue`, decoded, taken out of it."""
        queues, url = self.client("sqs"), self.name(queue)
        messages = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def await_keys(self, queue: str, wanted: Iterable[str], *, within: float = 60) -> list[str]:
        """The keys that a stream function was handed, in order, until each `wanted` one was, and as
        often as it is wanted."""
        seen: list[str] = []

        def all_seen() -> bool:
            seen.extend(key for keys in self.receive(queue) for key in keys)
            return Counter(wanted) <= Counter(seen)

        eventually(all_seen, within=within)
        return seen
