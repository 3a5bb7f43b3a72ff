"""The deployed service, end to end: every list equals the truth."""

import json
from typing import Any

import httpx2
import pytest

from cli.commands.run.status import deployed_rows
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import DAY, Calendar
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result, check, truth_of
from cli.studies.watching.figures import read
from cli.studies.watching.page import wanted
from infra_cdk import outputs
from tests.e2e.leftovers import await_crawls, forget_crawls
from tests.waiting import eventually
from topk.clock import wall_clock

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]


def test_every_list_equals_the_truth_after_a_week(week: Result) -> None:
    assert week.faults == {}
    assert week.lists_checked == week.users == 8
    assert week.plays_obtainable > 100, "the truth is about something"
    # The number of reported plays depends on the day of the run: repeats that a list without times
    # cannot show, and what is still offline when the week ends.
    assert week.plays_obtainable >= week.plays_true / 2


def test_new_plays_reach_the_list_with_the_next_crawl_and_count_once(
    week: Result, stack: LocalStack, people: People, calendar: Calendar
) -> None:
    assert week.faults == {}
    person = next(one for one in people.everyone if "spotify" in one.accounts)
    midnights = [*week.midnights, week.midnights[-1] + DAY]
    before = _counts(people, person)
    forget_crawls(stack)
    added = [{"song": 5, "started_at": midnights[-1] - 7200 + turn * 600} for turn in range(9)]
    people.world(
        "POST",
        f"listeners/{person.tenant}/{person.user}/plays",
        {"provider": "spotify", "plays": added},
    )
    calendar.stand_at(midnights[-1])
    truth = truth_of(people, person, midnights)
    assert truth["songs"][0]["count"] >= 9
    assert check(people, person, truth["songs"], within=120) == ""
    assert _counts(people, person) != before
    _crawl_again(stack, person, midnights[-1])
    await_crawls(stack)
    assert check(people, person, truth["songs"]) == ""


def test_an_unfollow_takes_access_away(week: Result, people: People) -> None:
    assert week.faults == {}
    person = people.everyone[0]
    follower = people.followers[person.tenant, person.user]
    path = f"/v1/users/{person.user}/top"
    people.tell(follower, "unfollow", [person.user])
    assert people.call(follower, "GET", path).status_code == 404
    people.tell(follower, "follow", [person.user])
    assert people.call(follower, "GET", path).status_code == 200


def test_a_user_follows_with_consent_where_the_tenant_asks_for_it(
    week: Result, people: People
) -> None:
    assert week.faults == {}
    person = next(one for one in people.everyone if one.tenant == "harbor")
    follower = people.followers[person.tenant, person.user]
    path = f"/v1/users/{person.user}/top"
    people.tell(follower, "unfollow", [person.user])
    asked = people.call(follower, "PUT", f"/v1/me/following/{person.user}")
    assert (asked.status_code, asked.json()) == (202, {"state": "requested"})
    assert people.call(follower, "GET", path).status_code == 404
    people.expect(person, "PUT", f"/v1/me/followers/{follower.user}")
    assert people.call(follower, "GET", path).status_code == 200
    people.expect(person, "DELETE", f"/v1/me/followers/{follower.user}")
    assert people.call(follower, "GET", path).status_code == 404
    people.tell(follower, "follow", [person.user])


def test_where_the_host_app_decides_users_do_not(week: Result, people: People) -> None:
    assert week.faults == {}
    person, other, *_ = (one for one in people.everyone if one.tenant == "meadow")
    for method in ("PUT", "DELETE"):
        answer = people.call(person, method, f"/v1/me/following/{other.user}")
        assert answer.status_code == 403


def test_metrics_can_be_watched(week: Result, stack: LocalStack, people: People) -> None:
    assert week.faults == {}
    person = people.everyone[0]
    people.expect(person, "GET", "/v1/me/top")
    page = deployed_rows(stack)
    cloudwatch = stack.client("cloudwatch")

    def known() -> dict[str, float] | None:
        found = read(cloudwatch, wanted(page), now=wall_clock(), minutes=1440)
        told = {
            "due": page["Pipeline"]["all"]["due"],
            "stale": page["Freshness"]["all"]["stale p99"],
            "reads": page["Function"]["read"]["calls"],
            "plays": page["Provider"]["spotify"]["plays new"],
            "requests": page["Api"]["all"]["requests"],
            "latency": page["Api"]["all"]["p99 ms"],
        }
        return {name: found.get(one, 0.0) for name, one in told.items()} if found else None

    figures = eventually(known, within=30)
    assert all(value > 0 for value in figures.values()), figures


def test_the_feed_contains_the_followed_users_lists(week: Result, people: People) -> None:
    assert week.faults == {}
    follower = max(people.everyone, key=lambda one: len(one.follows))
    found = people.expect(follower, "GET", "/v1/me/following/top?k=3")["lists"]
    assert sorted(one["user_id"] for one in found) == sorted(follower.follows)


def test_a_malformed_message_is_dead_lettered_with_its_reason(
    week: Result, stack: LocalStack
) -> None:
    assert week.faults == {}
    sqs = stack.client("sqs")
    sqs.send_message(QueueUrl=stack.outputs[outputs.queue("spotify")], MessageBody="{broken")

    def letter() -> Any:
        found = sqs.receive_message(
            QueueUrl=stack.outputs[outputs.dead_letters("spotify")],
            MessageAttributeNames=["All"],
            MaxNumberOfMessages=10,
        )
        return next((one for one in found.get("Messages", []) if one["Body"] == "{broken"), None)

    reason = eventually(letter)["MessageAttributes"]["reason"]["StringValue"]
    assert reason.startswith("crawl message:")


@pytest.mark.parametrize("token", ["", "Bearer fake", "Bearer e30.e30.e30"])
def test_without_a_valid_token_a_call_is_refused(stack: LocalStack, token: str) -> None:
    url = f"{stack.api_urls['harbor']}/v1/me/top"
    answer = httpx2.get(url, headers={"authorization": token} if token else {}, trust_env=False)
    assert answer.status_code == 401


def test_another_tenants_token_is_refused(week: Result, stack: LocalStack, people: People) -> None:
    assert week.faults == {}
    person = next(one for one in people.everyone if one.tenant == "meadow")
    sign_in = f"{stack.world_url}/host/meadow/sign-in"
    token = httpx2.post(sign_in, json={"user": person.user}, trust_env=False).json()["token"]
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx2.get(f"{stack.api_urls['harbor']}/v1/me/top", headers=headers, trust_env=False)
    assert answer.status_code == 401


def _counts(people: People, person: Person) -> dict[str, int]:
    songs = people.expect(person, "GET", "/v1/me/top?k=30")["songs"]
    return {song["song_id"]: song["listen_count"] for song in songs}


def _crawl_again(stack: LocalStack, person: Person, at: int) -> None:
    job = {
        "owner": f"{person.tenant}#{person.user}",
        "provider": "spotify",
        "at": at,
        "reason": "due",
        "correlation": "again",
    }
    for _ in range(3):
        stack.client("sqs").send_message(
            QueueUrl=stack.outputs[outputs.queue("spotify")], MessageBody=json.dumps(job)
        )
