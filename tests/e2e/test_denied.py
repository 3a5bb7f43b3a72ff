"""Under the emulator's IAM enforcement: each deployed function fails without an action of its role.

One action of each, taken away by the IAM API and put back. That the emulator asks for every kind of
action is shown in tests/emulator/test_permissions.py, and that no function does without any one of
its own in tests/functions/test_least_privilege.py.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from topk.clock import wall_clock
from topk.domain.signature import sign

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

TAKEN = {
    "connect": ("Query", "Connections"),
    "dispatch": ("BatchGetItem", "Timetable"),
    "crawl": ("BatchGetItem", "Connections"),
    "ingest": ("BatchGetItem", "ProviderUsers"),
    "scrobble": ("Query", "Plays"),
    "aggregate": ("Query", "Plays"),
    "announce": ("BatchGetItem", "TopLists"),
    "archive": ("BatchGetItem", "Plays"),
    "read": ("BatchGetItem", "TopLists"),
    "card": ("BatchGetItem", "TopLists"),
    "account": ("UpdateItem", "Profiles"),
    "privacy": ("Query", "Plays"),
    "erase": ("GetItem", "Profiles"),
    "export": ("GetItem", "Profiles"),
    "purge": ("s3:ListBucket", outputs.ARCHIVE_BUCKET),
    "imports": ("GetItem", "Imports"),
}
"""The action that is taken from each, and the table, or the bucket by its output, on which."""


class Scenes:
    """What is done with each function, so that what comes of it tells whether all went well."""

    def __init__(self, stack: LocalStack, people: People, now: int) -> None:
        self._stack, self._people, self._now = stack, people, now
        self._person = people.everyone[0]

    def of(self, function: str) -> Callable[[], str]:
        scene: Callable[[], str] = getattr(self, function)
        return scene

    def connect(self) -> str:
        return self._call("GET", "/v1/connections")

    def scrobble(self) -> str:
        return self._call("GET", "/v1/me/tokens")

    def read(self) -> str:
        return self._call("GET", "/v1/me/top")

    def card(self) -> str:
        self._call("PATCH", "/v1/me", {"visibility": "public"})
        try:
            return self._call("GET", f"/v1/users/{self._person.user}/top.svg")
        finally:
            self._call("PATCH", "/v1/me", {"visibility": "followers"})

    def account(self) -> str:
        """A profile is written only if it changes."""
        try:
            return self._call("PATCH", "/v1/me", {"visibility": "public"})
        finally:
            self._call("PATCH", "/v1/me", {"visibility": "followers"})

    def privacy(self) -> str:
        """The plays are read before a song that was never played is answered with 404."""
        told = self._call("DELETE", f"/v1/me/plays/songs/{'a' * 16}")
        return "done" if told == "404" else told

    def export(self) -> str:
        """Of somebody whose export no other test asks for: nobody may soon ask again."""
        person = self._people.everyone[len(self._people.everyone) // 2]
        told = self._people.call(person, "GET", "/v1/me/export").status_code
        return "done" if told in {200, 429} else str(told)

    def erase(self) -> str:
        job = {"owner": "harbor#nobody", "receipt": "fake", "sweep_at": 0}
        return self._invoke("erase", {"Records": [{"body": json.dumps(job)}]})

    def dispatch(self) -> str:
        moment = datetime.fromtimestamp(self._now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        tick = {"detail-type": "Scheduled Event", "source": "aws.events", "time": moment}
        return self._invoke("dispatch", tick)

    def crawl(self) -> str:
        queue = self._stack.outputs[outputs.queue("spotify")]
        arn = self._stack.client("sqs").get_queue_attributes(
            QueueUrl=queue, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        job = {
            "owner": "harbor#nobody",
            "provider": "spotify",
            "at": self._now,
            "reason": "due",
            "correlation": "denied",
        }
        # The emulator takes a queue's times for the wall's and moves them to the world's.
        received = {
            "ApproximateFirstReceiveTimestamp": str(int(wall_clock() * 1000)),
            "ApproximateReceiveCount": "1",
        }
        message = {
            "messageId": "fake-message-1",
            "receiptHandle": "fake-receipt-1",
            "body": json.dumps(job),
            "attributes": received,
            "eventSource": "aws:sqs",
            "eventSourceARN": arn,
        }
        before = self._delayed(queue)
        self._invoke("crawl", {"Records": [message]})
        return "done" if self._delayed(queue) == before else "tried again later"

    def _delayed(self, queue: str) -> int:
        """The messages of the queue that are delivered later, as failed crawls are."""
        name = "ApproximateNumberOfMessagesDelayed"
        answer = self._stack.client("sqs").get_queue_attributes(
            QueueUrl=queue, AttributeNames=[name]
        )
        return int(answer["Attributes"][name])

    def aggregate(self) -> str:
        return self._invoke("aggregate", {"Records": [self._new_chunk()]})

    def archive(self) -> str:
        return self._invoke("archive", {"Records": [self._new_chunk()]})

    def _new_chunk(self) -> dict[str, Any]:
        owner = f"{self._person.tenant}#{self._person.user}"
        chunk = f"{self._now:010}#spotify#fake-crawl"
        change = {
            "ApproximateCreationDateTime": self._now,
            "Keys": {"owner": {"S": owner}, "chunk": {"S": chunk}},
            "SequenceNumber": "1",
            "StreamViewType": "KEYS_ONLY",
        }
        return {"eventID": "1", "eventName": "INSERT", "dynamodb": change}

    def announce(self) -> str:
        change = {
            "Keys": {
                "owner": {"S": f"{self._person.tenant}#{self._person.user}"},
                "window": {"S": "7d"},
            },
            "SequenceNumber": "1",
        }
        return self._invoke("announce", {"Records": [{"eventName": "MODIFY", "dynamodb": change}]})

    def purge(self) -> str:
        record = {"body": json.dumps({"began": "2026-01-01T00:00:00Z"})}
        return self._invoke("purge", {"Records": [record]})

    def imports(self) -> str:
        job = {"owner": "harbor#nobody", "import_id": "fakeimport"}
        received = {"ApproximateReceiveCount": "1"}
        return self._invoke(
            "imports", {"Records": [{"body": json.dumps(job), "attributes": received}]}
        )

    def ingest(self) -> str:
        arn = self._stack.outputs[outputs.secret("partner")]
        kept = self._stack.client("secretsmanager").get_secret_value(SecretId=arn)
        secret = json.loads(kept["SecretString"])["push_secret"]
        at = int(self._people.world("GET", "clock")["now"])
        listen = {
            "user_id": "nobody-1",
            "listened_at": at - 600,
            "track": {"title": "Demo Tape", "artists": ["Garage Four"]},
        }
        body = json.dumps({"listens": [listen]}).encode()
        url = f"{self._stack.api_urls['harbor']}/v1/ingest/partner"
        headers = {"x-topk-signature": sign(body, secret, at=at)}
        answer = httpx2.post(url, content=body, headers=headers, timeout=30, trust_env=False)
        return str(answer.status_code)

    def _call(self, method: str, path: str, body: Any = None) -> str:
        return str(self._people.call(self._person, method, path, body).status_code)

    def _invoke(self, function: str, event: Mapping[str, Any]) -> str:
        answer = self._stack.client("lambda").invoke(
            FunctionName=self._stack.outputs[outputs.function(function)],
            Payload=json.dumps(event).encode(),
        )
        told = json.loads(answer["Payload"].read() or "null")
        if "FunctionError" in answer:
            return "failed"
        return "failed" if (told or {}).get("batchItemFailures") else "done"


@contextmanager
def _without(stack: LocalStack, function: str, action: str, on: str) -> Iterator[None]:
    """The role of `function` lacks `action` on one thing, and has all else."""
    iam = stack.client("iam")
    found = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs[outputs.function(function)]
    )
    role = found["Role"].rpartition("/")[2]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    whole = json.loads(whole) if isinstance(whole, str) else whole
    less = [left for one in whole["Statement"] for left in _less(one, *_meant(stack, action, on))]
    assert less != whole["Statement"]
    try:
        document = json.dumps(whole | {"Statement": less})
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
        yield
    finally:
        document = json.dumps(whole)
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _meant(stack: LocalStack, action: str, on: str) -> tuple[str, str]:
    """The action's whole name, and how the ARN of what it is on ends."""
    if action.startswith("s3:"):
        return action, f":::{stack.outputs[on]}"
    return f"dynamodb:{action}", f":table/{stack.outputs[outputs.table(on)]}"


def _less(statement: Mapping[str, Any], action: str, end: str) -> Iterator[Mapping[str, Any]]:
    """`statement` without `action` on the resource whose ARN has that `end`."""
    resources, actions = _listed(statement["Resource"]), _listed(statement["Action"])
    here = [one for one in resources if one.endswith(end)]
    if action not in actions or not here:
        yield statement
        return
    if others := [one for one in resources if one not in here]:
        yield {**statement, "Resource": others}
    if left := [one for one in actions if one != action]:
        yield {**statement, "Action": left, "Resource": here}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("function", TAKEN)
def test_a_function_fails_without_an_action_and_works_with_it(
    week: Result, stack: LocalStack, people: People, function: str
) -> None:
    play = Scenes(stack, people, week.midnights[-1]).of(function)
    well = play()
    assert well in {"200", "204", "done"}
    with _without(stack, function, *TAKEN[function]):
        assert play() not in {"done", *(str(status) for status in range(200, 500))}
    assert play() == well


def test_none_is_left_out() -> None:
    assert set(TAKEN) == set(SPECS)
