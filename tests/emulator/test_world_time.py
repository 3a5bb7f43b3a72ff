"""Events have the world's time. The scheduled one comes last: it takes a minute of wall time."""

from datetime import UTC, datetime

import pytest

from simulator.clock import Clock
from tests.emulator.deployed import Deployed
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]

THEN = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC).timestamp()


def test_a_request_has_the_worlds_time(deployed: Deployed, world_clock: Clock) -> None:
    world_clock.set(THEN, running=False)
    context = deployed.request("EchoApi").json()["requestContext"]
    assert context["timeEpoch"] == int(THEN * 1000)
    assert context["time"] == "04/May/2031:03:02:01 +0000"


def test_a_queue_record_has_the_worlds_time(deployed: Deployed, world_clock: Clock) -> None:
    world_clock.set(THEN, running=True)
    deployed.send("Jobs", "work")
    [event] = eventually(lambda: deployed.receive("JobsSeen"))
    sent = int(event["Records"][0]["attributes"]["SentTimestamp"]) / 1000
    assert THEN - 60 < sent < THEN + 60


def test_with_a_frozen_clock_a_queue_record_has_the_frozen_time(
    deployed: Deployed, world_clock: Clock
) -> None:
    world_clock.set(THEN, running=False)
    deployed.send("Jobs", "work")
    [event] = eventually(lambda: deployed.receive("JobsSeen"))
    attributes = event["Records"][0]["attributes"]
    times = {value for name, value in attributes.items() if name.endswith("Timestamp")}
    assert times == {str(int(THEN * 1000))}


def test_a_stream_record_has_the_worlds_time(deployed: Deployed, world_clock: Clock) -> None:
    world_clock.set(THEN, running=False)
    deployed.put("SecondTable", "later")
    streams = deployed.client("dynamodbstreams")
    [stream] = streams.list_streams(TableName=deployed.name("SecondTable"))["Streams"]
    arn = stream["StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    made = records[-1]["dynamodb"]["ApproximateCreationDateTime"]
    assert made.timestamp() == THEN
    deployed.await_keys("SecondSeen", ["later"])


def test_a_scheduled_event_has_the_worlds_time(deployed: Deployed, world_clock: Clock) -> None:
    world_clock.set(THEN, running=False)

    def ticked() -> bool:
        """Ticks from before the world's time was set may still wait in the queue."""
        events = deployed.receive("TickSeen")
        assert {event["detail-type"] for event in events} <= {"Scheduled Event"}
        return "2031-05-04T03:02:01Z" in {event["time"] for event in events}

    eventually(ticked, within=90)
