"""Failures forced on the deployed service, each while a secret is in use."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.people import People, Person
from infra_cdk import outputs
from tests.waiting import eventually
from topk.clock import wall_clock
from topk.domain.signature import sign

DAYS_AGO = 3 * 86_400
LAST_ATTEMPT = 4


class Failures:
    """For `person`, who has Spotify; `other`'s grant is put in their row."""

    def __init__(
        self, stack: LocalStack, people: People, http: httpx2.Client, person: Person, other: Person
    ) -> None:
        self._stack, self._people, self._http = stack, people, http
        self._person, self._other = person, other
        self.answers: list[httpx2.Response] = []
        self.letters: list[str] = []
        http.event_hooks["response"].append(self._keep)

    def _keep(self, answer: httpx2.Response) -> None:
        if str(answer.url).startswith(tuple(self._stack.api_urls.values())):
            answer.read()
            self.answers.append(answer)

    def force(self) -> None:
        """All of them, one after the other; at the end `person` has to connect again."""
        self._consent_is_denied()
        self._a_code_comes_back_to_nobody()
        for mode in ("garbage", "500"):
            self._the_provider_answers(mode)
        self._a_grant_stands_in_another_row()
        self._pushes_are_refused()
        self._the_grant_is_revoked()

    @contextmanager
    def queues_held(self) -> Iterator[None]:
        """Nothing is taken from the crawl queues meanwhile."""
        client = self._stack.client("lambda")
        crawl = self._stack.outputs[outputs.function("crawl")]
        fed = client.list_event_source_mappings(FunctionName=crawl)["EventSourceMappings"]
        for one in fed:
            client.update_event_source_mapping(UUID=one["UUID"], Enabled=False)
        try:
            yield
        finally:
            for one in fed:
                client.update_event_source_mapping(UUID=one["UUID"], Enabled=True)

    def connect_again(self) -> None:
        """Disconnects, which revokes at the provider, and connects again."""
        self._people.expect(self._person, "DELETE", "/v1/connections/spotify")
        landed = self._consent("allow")
        told = parse_qs(urlsplit(landed).query)
        self._people.expect(
            self._person,
            "POST",
            "/v1/connections/spotify/confirmation",
            {"confirmation": told["confirmation"][0]},
        )

    def crawled_anew(self) -> bool:
        """Whether the account that was connected again has been crawled since."""
        told = self._people.expect(self._person, "GET", "/v1/connections")["connections"]
        return any(one["provider"] == "spotify" and one["crawled_through"] for one in told)

    def _consent(self, decision: str) -> str:
        begun = self._people.expect(self._person, "POST", "/v1/connections/spotify", {})
        account = self._person.accounts["spotify"]
        return Browser(self._http).consent(begun["authorize_url"], account, decision)

    def _consent_is_denied(self) -> None:
        assert "connect_error" in self._consent("deny")

    def _a_code_comes_back_to_nobody(self) -> None:
        (code, *_) = self._people.world("GET", "secrets")["spotify"]["code"]
        url = f"{self._stack.api_urls[self._person.tenant]}/v1/oauth/spotify/callback"
        answer = self._http.get(url, params={"code": code, "state": "of-nobody"})
        assert answer.status_code == 400

    def _the_provider_answers(self, mode: str) -> None:
        accounts = [self._person.accounts["spotify"]]
        self._people.world("PUT", "faults/spotify", {"mode": mode, "accounts": accounts})
        try:
            self._crawl_for_the_last_time(f"canary-{mode}")
        finally:
            self._people.world("PUT", "faults/spotify", {"mode": None})

    def _a_grant_stands_in_another_row(self) -> None:
        own, foreign = (self._grant_of(one) for one in (self._person, self._other))
        self._put_grant(foreign)
        try:
            reason = self._crawl_for_the_last_time("canary-moved")
        finally:
            self._put_grant(own)
        assert "another owner" in reason

    def _pushes_are_refused(self) -> None:
        arn = self._stack.outputs[outputs.secret("partner")]
        kept = self._stack.client("secretsmanager").get_secret_value(SecretId=arn)
        secret = json.loads(kept["SecretString"])["push_secret"]
        body, now = b'{"listens": []}', self._people.world("GET", "clock")["now"]
        url = f"{self._stack.api_urls['harbor']}/v1/ingest/partner"
        for signature in (sign(body, "x" * 32, at=int(now)), secret, f"t={int(now)},v1={secret}"):
            headers = {"x-topk-signature": signature}
            assert self._http.post(url, content=body, headers=headers).status_code == 401

    def _the_grant_is_revoked(self) -> None:
        account = self._person.accounts["spotify"]
        self._people.world("DELETE", f"grants/spotify/{account}")
        self._send("canary-revoked")
        eventually(lambda: self._status() == "reauth_required", within=60)

    def _status(self) -> str:
        told = self._people.expect(self._person, "GET", "/v1/connections")["connections"]
        return str(next(one["status"] for one in told if one["provider"] == "spotify"))

    def _crawl_for_the_last_time(self, correlation: str) -> str:
        """The reason with which the crawl ends among the dead letters."""
        self._send(correlation, tried=LAST_ATTEMPT)
        letter = eventually(lambda: self._letter(correlation), within=60)
        self.letters.append(json.dumps(letter))
        return str(letter["MessageAttributes"]["reason"]["StringValue"])

    def _send(self, correlation: str, tried: int = 0) -> None:
        job = {
            "owner": f"{self._person.tenant}#{self._person.user}",
            "provider": "spotify",
            "at": int(wall_clock()) - DAYS_AGO,
            "reason": "view",
            "correlation": correlation,
            "tried": tried,
        }
        url = self._stack.outputs[outputs.queue("spotify")]
        self._stack.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(job))

    def _letter(self, correlation: str) -> Any:
        found = self._stack.client("sqs").receive_message(
            QueueUrl=self._stack.outputs[outputs.dead_letters("spotify")],
            MessageAttributeNames=["All"],
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
        )
        return next((one for one in found.get("Messages", []) if correlation in one["Body"]), None)

    def _row(self, person: Person) -> dict[str, Any]:
        key = {"owner": {"S": f"{person.tenant}#{person.user}"}, "provider": {"S": "spotify"}}
        return {"TableName": self._stack.outputs[outputs.table("Connections")], "Key": key}

    def _grant_of(self, person: Person) -> str:
        found = self._stack.client("dynamodb").get_item(**self._row(person))
        return str(found["Item"]["grant"]["S"])

    def _put_grant(self, sealed: str) -> None:
        self._stack.client("dynamodb").update_item(
            **self._row(self._person),
            UpdateExpression="SET #g = :g",
            ExpressionAttributeNames={"#g": "grant"},
            ExpressionAttributeValues={":g": {"S": sealed}},
        )
