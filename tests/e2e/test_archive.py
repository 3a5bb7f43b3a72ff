"""The deployed service archives plays by itself, and they come back from there when they are lost,
but for what was deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from typer.testing import CliRunner

from cli import operated
from cli.commands.recover import restore
from cli.local_stack.stack import LocalStack
from cli.main import app
from cli.studies.demonstration.days import DAY
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from tests.waiting import eventually
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.domain.song.identity import song_id
from topk.stores.codecs.chunk_format import decode, encode
from topk.stores.dynamodb import models
from topk.stores.s3.archive import Archive
from topk.stores.tables import markers

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

Heard = Mapping[Owner, frozenset[Play]]
REGRET = Track("regret", "Song of Regret", ("The Penitents",), duration=200)


@pytest.fixture
def archive(stack: LocalStack) -> Archive:
    return Archive(stack.client("s3"), bucket=stack.outputs[outputs.ARCHIVE_BUCKET])


@pytest.fixture
def person(people: People) -> Person:
    return people.everyone[-1]


@pytest.fixture
def of_one_command() -> Iterator[None]:
    """A command that runs in this process leaves it no connection to the deployed stack."""
    models._connection.cache_clear()
    yield
    models._connection.cache_clear()


def test_every_play_of_a_week_is_in_the_archive_and_nobody_said_a_command(
    week: Result, stack: LocalStack, archive: Archive, people: People
) -> None:
    assert week.faults == {}
    eventually(lambda: _archived(archive) == _kept(stack), within=60)
    assert len(_kept(stack)) == len(people.everyone)
    assert sum(map(len, _archived(archive).values())) >= week.plays_obtainable


@pytest.mark.usefixtures("of_one_command")
def test_lost_plays_come_back_but_for_what_was_deleted(
    week: Result,
    stack: LocalStack,
    archive: Archive,
    people: People,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner, at = Owner(person.tenant, person.user), week.midnights[-1] - 14 * DAY
    before, shown = _kept(stack), people.expect(person, "GET", "/v1/me/top")["songs"]
    _heard(stack, owner, Play("spotify", REGRET, at))
    eventually(lambda: _archived(archive)[owner] > before[owner], within=60)
    people.expect(person, "DELETE", f"/v1/me/plays/songs/{song_id(REGRET)}")
    noted = eventually(lambda: [one for one in archive.deletions() if one[0] == owner])
    assert song_id(REGRET) in noted[0][1].song.ids
    eventually(lambda: _archived(archive) == _kept(stack) == before, within=60)
    _lose(stack, owner)
    assert owner not in _kept(stack)
    here = operated._local(str(stack.folder))
    monkeypatch.setattr(restore, "operated", lambda **_: here)
    done = CliRunner().invoke(app, ["restore", "--owner", f"{owner.tenant}/{owner.user}", "--yes"])
    assert done.exit_code == 0, done.output
    assert _kept(stack) == before
    assert people.expect(person, "GET", "/v1/me/top")["songs"] == shown
    assert [key for key in _keys(stack, owner) if key.startswith(markers.FIRST)]


def _archived(archive: Archive) -> Heard:
    found: dict[Owner, frozenset[Play]] = defaultdict(frozenset)
    for file in archive.files():
        for chunk in archive.read(file):
            found[chunk.owner] |= {*chunk.plays}
    return found


def _kept(stack: LocalStack) -> Heard:
    """The contents of the table Plays by user."""
    found: dict[Owner, frozenset[Play]] = defaultdict(frozenset)
    pages = stack.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=_table(stack)):
        for row in page["Items"]:
            if not row["chunk"]["S"].startswith(markers.FIRST):
                plays = decode(row["body"]["B"], row["chunk"]["S"].split("#")[1])
                found[Owner.parse(row["owner"]["S"])] |= {*plays}
    return found


def _heard(stack: LocalStack, owner: Owner, play: Play) -> None:
    row = {
        "owner": {"S": owner.key},
        "chunk": {"S": f"{play.listened_at:010}#spotify#planted"},
        "body": {"B": encode((play,))},
        "expires_at": {"N": str(play.listened_at + 400 * DAY)},
    }
    stack.client("dynamodb").put_item(TableName=_table(stack), Item=row)


def _lose(stack: LocalStack, owner: Owner) -> None:
    for key in _keys(stack, owner):
        stack.client("dynamodb").delete_item(
            TableName=_table(stack), Key={"owner": {"S": owner.key}, "chunk": {"S": key}}
        )


def _keys(stack: LocalStack, owner: Owner) -> list[str]:
    pages = stack.client("dynamodb").get_paginator("query")
    asked = pages.paginate(
        TableName=_table(stack),
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": owner.key}},
    )
    return [row["chunk"]["S"] for page in asked for row in page["Items"]]


def _table(stack: LocalStack) -> str:
    return stack.outputs[outputs.table("Plays")]
