"""Queues and stream shards deliver as SQS and Lambda do: at least once, and no less."""

from collections.abc import Callable
from typing import Any

from cli.in_memory.faults import Fault
from cli.in_memory.lambdas import InvocationError
from cli.in_memory.queue_source import VISIBILITY_SECONDS, QueueSource
from cli.in_memory.stream_source import Shard
from simulator.aws.dynamodb.changes import Change
from tests.cli.chaos.machinery import BEGIN, Machinery

Answer = Callable[[dict[str, Any]], dict[str, Any]]
DONE: dict[str, Any] = {"batchItemFailures": []}


class Functions:
    """Stands in for Lambda: records each event and returns the given response."""

    def __init__(self, machinery: Machinery, answer: Answer) -> None:
        self._machinery = machinery
        self._answer = answer
        self.events: list[tuple[float, list[str]]] = []
        self.seconds = 0
        """The duration of a call."""

    def invoke(self, _name: str, event: dict[str, Any]) -> Any:
        what = [
            record["body"] if "body" in record else record["dynamodb"]["SequenceNumber"].lstrip("0")
            for record in event["Records"]
        ]
        self.events.append((self._machinery.scheduler.now - BEGIN, what))
        self._machinery.scheduler.pause(self.seconds)
        return self._answer(event)


RETRIES = 10


class Bench:
    def __init__(self, answer: Answer, rates: dict[Fault, float] | None = None) -> None:
        self.machinery = Machinery(rates)
        self.functions = Functions(self.machinery, answer)
        aws = self.machinery.aws
        self.dead = aws.sqs.create("dead")
        self.queue = aws.sqs.create("work", self.dead, receives=3)
        self.sqs = aws.client("sqs")
        scheduler, injector = self.machinery.scheduler, self.machinery.injector
        functions: Any = self.functions
        QueueSource(self.queue, scheduler, injector, functions)
        self.shard = Shard(scheduler, injector, functions)

    def send(self, *bodies: str, delay: int = 0) -> None:
        entries = [
            {"Id": str(at), "MessageBody": body, "DelaySeconds": delay}
            for at, body in enumerate(bodies)
        ]
        for first in range(0, len(entries), 10):
            self.sqs.send_message_batch(QueueUrl="work", Entries=entries[first : first + 10])

    def records(self, number: int) -> None:
        for at in range(number):
            item = {"owner": {"S": "anna"}, "chunk": {"S": str(at)}}
            self.shard.put(Change("plays", ("owner", "chunk"), None, item))

    def run(self, seconds: float = 100_000) -> list[list[str]]:
        self.machinery.scheduler.run(BEGIN + seconds)
        return [what for _, what in self.functions.events]


def _fail_all(_event: dict[str, Any]) -> dict[str, Any]:
    raise InvocationError("died")


def test_completed_messages_are_deleted_and_failed_ones_return_when_visible() -> None:
    turns = iter(["2", None])

    def second_fails(event: dict[str, Any]) -> dict[str, Any]:
        number = next(turns)
        failed = [one["messageId"] for one in event["Records"] if one["messageId"] == number]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    bench = Bench(second_fails)
    bench.machinery.injector.dice.whole = lambda low, high: high  # type: ignore[method-assign]
    bench.send("first", "second")
    assert bench.run() == [["first", "second"], ["second"]]
    assert bench.functions.events[1][0] >= VISIBILITY_SECONDS
    assert not bench.queue.messages


def test_a_delayed_message_is_not_delivered_before() -> None:
    bench = Bench(lambda _: DONE)
    bench.send("later", delay=900)
    bench.run()
    assert bench.functions.events[0][0] >= 900


def test_a_message_that_crashes_its_function_is_dead_lettered() -> None:
    bench = Bench(_fail_all)
    bench.send("deadly")
    assert bench.run() == [["deadly"]] * 3
    assert [one.body for one in bench.dead.messages.values()] == ["deadly"]
    assert not bench.queue.messages


def test_a_message_may_be_delivered_twice_and_after_completion() -> None:
    for fault in (Fault.DUPLICATE, Fault.UNDELETED):
        bench = Bench(lambda _: DONE, {fault: 0.5})
        bench.functions.seconds = 20
        bench.send(*(f"m-{number}" for number in range(20)))
        delivered = [body for batch in bench.run() for body in batch]
        assert set(delivered) == {f"m-{number}" for number in range(20)}
        assert len(delivered) > 20
        assert bench.machinery.injector.injected[fault]


def test_a_shard_continues_in_order_from_the_first_failed_record() -> None:
    turns = iter([True, False])

    def third_fails_once(event: dict[str, Any]) -> dict[str, Any]:
        numbers = [one["dynamodb"]["SequenceNumber"] for one in event["Records"]]
        failed = [number for number in numbers if int(number) == 3 and next(turns, False)]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    bench = Bench(third_fails_once)
    bench.records(5)
    delivered = [int(number) for batch in bench.run() for number in batch]
    assert sorted(set(delivered)) == [1, 2, 3, 4, 5]
    assert delivered.count(3) == 2
    assert delivered.index(3) < delivered.index(4) or delivered.count(4) == 2
    assert (bench.shard.behind, bench.shard.given_up) == (0, [])


def test_only_a_record_that_never_succeeds_is_dropped() -> None:
    def second_fails(event: dict[str, Any]) -> dict[str, Any]:
        numbers = [int(one["dynamodb"]["SequenceNumber"]) for one in event["Records"]]
        if 2 in numbers:
            raise InvocationError("died")
        return DONE

    bench = Bench(second_fails)
    bench.shard.retries = RETRIES
    bench.records(4)
    delivered = [int(number) for batch in bench.run() for number in batch]
    assert set(delivered) == {1, 2, 3, 4}
    (given_up,) = bench.shard.given_up
    assert given_up["dynamodb"]["Keys"]["chunk"] == {"S": "1"}
    assert delivered.count(2) > RETRIES


def test_a_stream_batch_may_be_delivered_again() -> None:
    bench = Bench(lambda _: DONE, {Fault.REPEATED: 0.9})
    bench.records(10)
    delivered = [number for batch in bench.run() for number in batch]
    assert len(delivered) > len(set(delivered)) == 10


def test_records_are_batched_before_delivery() -> None:
    bench = Bench(lambda _: DONE)
    bench.shard.gathers = (30, 35)
    bench.machinery.injector.dice.whole = lambda low, high: high  # type: ignore[method-assign]
    bench.records(5)
    assert bench.run() == [["1", "2", "3", "4", "5"]]
    assert 30 <= bench.functions.events[0][0] <= 35


def test_a_record_can_be_retried_without_limit() -> None:
    turns = iter([True] * 15)

    def fails_for_long(event: dict[str, Any]) -> dict[str, Any]:
        if next(turns, False):
            raise InvocationError("died")
        return DONE

    bench = Bench(fails_for_long)
    bench.shard.retries = 1_000
    bench.records(1)
    bench.run()
    assert (bench.shard.behind, bench.shard.given_up) == (0, [])
