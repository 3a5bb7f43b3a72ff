"""Users take along what is held of them, and leave: the deployed service forgets them everywhere.

Runs last: whoever leaves is missed by every other test.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.layers import ROOT
from tests.e2e.leftovers import await_crawls, forget_export
from tests.e2e.overheard import Event, overheard
from tests.e2e.places import Places, everything
from tests.e2e.visiting import TENANT
from tests.functions.test_description import conforms
from tests.waiting import eventually
from topk.clock import wall_clock
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.stores.codecs.chunk_format import encode
from topk.stores.s3.archive import Archive

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

FIGURES = ROOT / "out" / "erase.json"
MANY = 4000
"""Plays whose export is too large for a response."""
KINDS = ("table", "queue", "bucket", "log")


@pytest.fixture
def person(week: Result, people: People) -> Person:
    """The user who leaves: with Spotify, and of the subscribed tenant."""
    assert week.faults == {}
    members = (one for one in people.everyone if one.tenant == TENANT)
    return next(one for one in members if "spotify" in one.accounts)


def test_an_export_contains_what_the_pages_show(
    week: Result, stack: LocalStack, people: People
) -> None:
    assert week.faults == {}
    *_, other, _last = (one for one in people.everyone if "spotify" in one.accounts)
    forget_export(stack, other)
    told = people.expect(other, "GET", "/v1/me/export")
    conforms(told, {"$ref": "#/components/schemas/Export"})
    shown = people.expect(other, "GET", "/v1/me/top?k=30")["songs"]
    assert [one["song_id"] for one in told["top_list"]["songs"]] == [
        one["song_id"] for one in shown
    ]
    assert {one["provider"] for one in told["connections"]} == set(other.accounts)
    assert all(one["timetable"] for one in told["connections"])
    assert sorted(one["user_id"] for one in told["following"]) == sorted(other.follows)
    assert len(told["plays"]) >= sum(one["listen_count"] for one in shown)
    again = people.call(other, "GET", "/v1/me/export")
    assert again.status_code == 429
    assert 0 < int(again.headers["retry-after"]) <= 300


def test_a_large_export_is_downloaded_only_with_its_full_link(
    week: Result, stack: LocalStack, people: People, person: Person
) -> None:
    _heard(stack, person, week.midnights[-1])
    forget_export(stack, person)
    told = people.expect(person, "GET", "/v1/me/export")
    assert set(told) == {"url", "expires_at"}
    with httpx2.Client(timeout=30, trust_env=False) as http:
        file = http.get(told["url"])
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
        document = file.json()
        unsigned = http.get(told["url"].partition("?")[0])
        assert unsigned.status_code == 403
    conforms(document, {"$ref": "#/components/schemas/Export"})
    assert len(document["plays"]) > MANY


def test_an_erased_user_leaves_no_trace_even_with_concurrent_crawls(
    week: Result, stack: LocalStack, people: People, person: Person
) -> None:
    archived = _archived(stack, person, week.midnights[-1])
    _bury(stack, person, week.midnights[-1])
    before = {place.split()[0] for place in _traces(stack, person)}
    assert before >= {"table", "queue", "bucket"}, "the search finds what is there"
    with overheard(stack, person.tenant) as hear:
        _leave(week, stack, people, person)
        eventually(lambda: _taken_back(hear(), person))
    archive = Archive(stack.client("s3"), bucket=stack.outputs[outputs.ARCHIVE_BUCKET])
    files = archive.files()
    assert Owner(person.tenant, person.user) not in {
        chunk.owner for file in files for chunk in archive.read(file)
    }
    assert set(archived) <= set(files), "it is there, and read by nobody"
    _purge(stack)
    eventually(lambda: not set(archived) & set(archive.files()), within=120)
    eventually(lambda: not _traces(stack, person), within=120)
    await_crawls(stack)
    found = _traces(stack, person)
    assert found == []
    figures = {"traces": len(found), "kinds of place": KINDS, "traces before": sorted(before)}
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def test_no_log_line_names_a_user_an_account_or_a_song(
    week: Result, stack: LocalStack, people: People
) -> None:
    assert week.faults == {}
    _ask_what_is_refused(stack, people)
    logs = eventually(lambda: _logs_of_all_functions(stack), within=60)
    text = "\n".join(line for of in logs.values() for line in of)
    assert len(text) > 10_000
    names = set(_names(people))
    assert len(names) > 50
    assert {name: _line_with(name, text) for name in names if name in text} == {}


def _leave(week: Result, stack: LocalStack, people: People, person: Person) -> None:
    """Waits until the receipt says that the erasure is complete."""
    _crawl(stack, person, week.midnights[-1])
    asked = people.expect(person, "DELETE", "/v1/me")
    _crawl(stack, person, week.midnights[-1])
    for path in ("/v1/me/top", "/v1/me/export", "/v1/me/following/top", "/v1/me/following/songs"):
        assert people.call(person, "GET", path).status_code == 404, path

    def done() -> bool:
        told = people.expect(person, "GET", f"/v1/me/erasure/{asked['receipt']}")
        return bool(told["progress"] == "done")

    eventually(done, within=180)


def _purge(stack: LocalStack) -> None:
    """Runs the weekly purge as if it were the day after tomorrow."""
    began = datetime.fromtimestamp(wall_clock(), UTC) + timedelta(days=2)
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs[outputs.PURGE_QUEUE],
        MessageBody=json.dumps({"began": began.strftime("%Y-%m-%dT%H:%M:%SZ")}),
    )


def _taken_back(events: Sequence[Event], person: Person) -> bool:
    """Whether the tenant's last event of `person` is the erasure."""
    told = [one for one in events if one["detail"]["user_id"] == person.user]
    last = max(told, key=lambda one: int(one["detail"]["version"]), default=None)
    return last is not None and last["detail-type"] == "TopListErased"


def _ask_what_is_refused(stack: LocalStack, people: People) -> None:
    """Requests whose errors could repeat the words that were sent."""
    person = people.everyone[-1]
    account = next(iter(person.accounts.values()))
    api = stack.api_urls[person.tenant]
    with httpx2.Client(timeout=30, trust_env=False) as http:
        pushed = {"user_id": account, "listens": [person.user]}
        assert http.post(f"{api}/v1/ingest/partner", json=pushed).status_code == 401
        assert http.get(f"{api}/v1/users/{person.user}/top.svg").status_code == 404
        token = {"authorization": f"Token {account}"}
        submitted = http.post(f"{api}/1/submit-listens", json=pushed, headers=token)
        assert submitted.status_code == 401
    assert people.call(person, "PATCH", "/v1/me", {"visibility": account}).status_code == 400
    assert people.call(person, "GET", f"/v1/users/{account}x/top").status_code == 404
    begun = people.call(person, "POST", "/v1/me/imports", {"file_name": account})
    path = f"/v1/me/imports/{begun.json()['import_id']}/start"
    assert people.call(person, "POST", path).status_code == 202, "its file was never uploaded"


def _logs_of_all_functions(stack: LocalStack) -> Places | None:
    """The logs, as soon as every function has logged something."""
    logs = {place: of for place, of in everything(stack).items() if place.startswith("log ")}
    groups = " ".join(logs)
    return logs if all(f"/Logs{outputs.pascal(name)}" in groups for name in SPECS) else None


def _line_with(name: str, text: str) -> str:
    return next(line for line in text.splitlines() if name in line)


def _names(people: People) -> Iterator[str]:
    """User ids, accounts, and the titles and ids of songs on the lists that are left."""
    for person in people.everyone:
        yield person.user
        yield from person.accounts.values()
        answer = people.call(person, "GET", "/v1/me/top?k=30")
        for song in answer.json().get("songs", []):
            yield from (song["title"], song["song_id"])


def _traces(stack: LocalStack, person: Person) -> list[str]:
    """The places that mention `person` or their id, including logs."""
    places = everything(stack)
    named = re.compile(rf"{re.escape(f'{person.tenant}#{person.user}')}(?![A-Za-z0-9._~@:|-])")
    accounts = tuple(person.accounts.values())
    found = {
        place
        for place, texts in places.items()
        if place.split()[0] in KINDS
        for text in texts
        if named.search(text) or any(account in text for account in accounts)
    }
    return sorted(found | set(_edges(stack, person)))


def _edges(stack: LocalStack, person: Person) -> Iterator[str]:
    for name in ("Follows", "Blocks"):
        table = stack.outputs[outputs.table(name)]
        for page in stack.client("dynamodb").get_paginator("scan").paginate(TableName=table):
            for row in page["Items"]:
                of_tenant = row["owner"]["S"].startswith(f"{person.tenant}#")
                if of_tenant and row["other"]["S"] == person.user:
                    yield f"table {outputs.table(name)}"


def _heard(stack: LocalStack, person: Person, at: int) -> None:
    """Stores many plays of `person` as a crawl would."""
    table, step = stack.outputs[outputs.table("Plays")], 500
    for begin in range(0, MANY, step):
        plays = tuple(_play(number, at) for number in range(begin, begin + step))
        row = {
            "owner": {"S": f"{person.tenant}#{person.user}"},
            "chunk": {"S": f"{at:010}#spotify#large{begin}"},
            "body": {"B": encode(plays)},
            "expires_at": {"N": str(at + 86_400 * 35)},
        }
        stack.client("dynamodb").put_item(TableName=table, Item=row)


def _play(number: int, at: int) -> Play:
    track = Track(f"large{number}", f"Long Way Home {number}", ("The Walkers",), "Miles", 200)
    return Play("spotify", track, at - number * 60)


def _archived(stack: LocalStack, person: Person, at: int) -> list[str]:
    owner = Owner(person.tenant, person.user)
    archive = Archive(stack.client("s3"), bucket=stack.outputs[outputs.ARCHIVE_BUCKET])
    return archive.write([Chunk(owner, "spotify", at, "archived", (_play(1, at),))])


def _bury(stack: LocalStack, person: Person, at: int) -> None:
    for name in ("spotify", "lastfm"):
        stack.client("sqs").send_message(
            QueueUrl=stack.outputs[outputs.dead_letters(name)],
            MessageBody=json.dumps(_job(person, at, name)),
        )


def _crawl(stack: LocalStack, person: Person, at: int) -> None:
    for _ in range(3):
        stack.client("sqs").send_message(
            QueueUrl=stack.outputs[outputs.queue("spotify")],
            MessageBody=json.dumps(_job(person, at, "spotify")),
        )


def _job(person: Person, at: int, provider: str) -> dict[str, object]:
    return {
        "owner": f"{person.tenant}#{person.user}",
        "provider": provider,
        "at": at,
        "reason": "due",
        "correlation": "leaving",
    }


def test_the_search_for_names_finds_planted_names(stack: LocalStack, person: Person) -> None:
    place = _planted(stack, f"read failed for {person.tenant}#{person.user}")
    try:
        assert place in _traces(stack, person)
    finally:
        stack.client("logs").delete_log_group(logGroupName="planted-name")


def _planted(stack: LocalStack, message: str) -> str:
    logs = stack.client("logs")
    logs.create_log_group(logGroupName="planted-name")
    logs.create_log_stream(logGroupName="planted-name", logStreamName="planted")
    at = int((wall_clock() - 5) * 1000)
    logs.put_log_events(
        logGroupName="planted-name",
        logStreamName="planted",
        logEvents=[{"timestamp": at, "message": message}],
    )
    return "log planted-name"
