"""Lambda stops a chain of invocations through SQS, as AWS does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.emulator.limits.recursion import INVOCATIONS, Trace, longest, too_long
from tests.emulator.limits.account import CHAIN, Account, arn
from tests.emulator.limits.proofs import proves
from tests.waiting import eventually

_NAMES = st.text("abc-_0", min_size=1, max_size=9)


@given(st.lists(_NAMES, max_size=40))
def test_a_trace_counts_each_functions_invocations(chain: list[str]) -> None:
    trace = Trace("1-00000000-000000000000000000000000")
    for function in chain:
        trace = Trace.parse(str(trace.into(function)))
    assert trace.root == "1-00000000-000000000000000000000000"
    for function in chain:
        assert trace.invocations(function) == chain.count(function)
    assert trace.invocations("never") == 0


@given(st.text())
def test_any_header_can_be_read(header: str) -> None:
    assert Trace.parse(header).invocations("crawl") >= 0


def test_a_batch_continues_its_longest_chain() -> None:
    once = Trace("1-0-1").into("crawl")
    twice = once.into("crawl").into("other")
    assert longest(["", str(once), str(twice), "nonsense"], "crawl").lineage == twice.lineage
    assert longest(["", ""], "crawl").lineage == {}


def test_only_messages_of_long_chains_are_dropped() -> None:
    trace = Trace("1-0-1")
    records = []
    for number in range(INVOCATIONS + 2):
        attributes = {"AWSTraceHeader": str(trace)}
        records.append({"messageId": str(number), "attributes": attributes})
        trace = trace.into("crawl")
    records.append({"messageId": "without", "attributes": {}})
    assert too_long({"Records": records}, "crawl") == ["16", "17"]
    assert too_long({"Records": records}, "other") == []


@proves("Lambda: chain through SQS")
@pytest.mark.emulator
@pytest.mark.xdist_group("emulator contract")
@pytest.mark.parametrize(("loop", "invocations"), [("Terminate", INVOCATIONS), ("Allow", 20)])
def test_a_function_that_sends_to_its_own_queue_stops_unless_it_may(
    account: Account, loop: str, invocations: int
) -> None:
    name = f"chain-{loop}"
    letters, seen = account.create_queue(f"{name}-letters"), account.create_queue(f"{name}-seen")
    redrive = json.dumps({"deadLetterTargetArn": arn(letters), "maxReceiveCount": 3})
    own = account.create_queue(name, VisibilityTimeout="60", RedrivePolicy=redrive)
    environment = {"Variables": {"OWN": own, "SEEN": seen}}
    account.create_function(name, CHAIN, Timeout=60, Environment=environment)
    functions = account.client("lambda")
    functions.put_function_recursion_config(FunctionName=name, RecursiveLoop=loop)
    functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn(own))
    account.client("sqs").send_message(QueueUrl=own, MessageBody="0")
    ran: list[str] = []

    def all_ran() -> bool:
        ran.extend(account.received(seen))
        return len(ran) >= invocations

    eventually(all_ran)
    if loop == "Terminate":
        assert eventually(lambda: account.received(letters)) == [str(INVOCATIONS)]
    assert sorted(map(int, ran + account.received(seen))) == [*range(1, invocations + 1)]
