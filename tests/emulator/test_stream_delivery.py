"""The rules of stream delivery, without the emulator."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulator.emulator.stream_delivery import (
    FAILED,
    Condition,
    Policy,
    Record,
    Verdict,
    Windows,
    deliver,
    verdict,
)


class Function:
    """Fails each record as often as `failures` says; raises, or reports the lowest failure."""

    def __init__(self, failures: Sequence[int], *, raises: bool) -> None:
        self.left = list(failures)
        self.raises = raises
        self.calls: list[list[int]] = []
        self.done: list[int] = []

    def __call__(self, batch: Sequence[Record]) -> Verdict:
        numbers = [record["number"] for record in batch]
        self.calls.append(numbers)
        failing = [number for number in numbers if self.left[number]]
        for number in failing:
            self.left[number] -= 1
        if failing and self.raises:
            return FAILED
        done = numbers.index(failing[0]) if failing else len(numbers)
        self.done += numbers[:done]
        return Verdict(done)


class Delivery:
    """A delivery of the records that `function` knows; time passes only by sleeping."""

    def __init__(self, function: Function, policy: Policy, *, calls_wanted: int = 10_000) -> None:
        self.time = 0.0
        self.discarded: list[int] = []
        self.conditions: list[Condition] = []
        self.finished = deliver(
            [{"number": number} for number in range(len(function.left))],
            policy,
            invoke=function,
            discard=self._discard,
            now=lambda: self.time,
            sleep=self._sleep,
            wanted=lambda: len(function.calls) < calls_wanted,
        )

    def _discard(self, batch: Sequence[Record], condition: Condition) -> None:
        self.discarded += [record["number"] for record in batch]
        self.conditions.append(condition)

    def _sleep(self, seconds: float) -> None:
        self.time += seconds


FAILURES = st.lists(st.sampled_from([0, 0, 0, 1, 2, 1000]), max_size=12)


@given(failures=FAILURES, raises=st.booleans(), retries=st.integers(0, 3), bisect=st.booleans())
def test_every_record_is_done_or_discarded_once_and_in_order(
    failures: list[int], raises: bool, retries: int, bisect: bool
) -> None:
    function = Function(failures, raises=raises)
    delivery = Delivery(function, Policy(retries=retries, bisect=bisect))
    assert delivery.finished
    assert sorted(function.done + delivery.discarded) == list(range(len(failures)))
    assert all(earlier < later for earlier, later in pairwise(function.done))


@given(failures=FAILURES, retries=st.integers(0, 3))
def test_bisection_drops_only_records_that_fail_alone(failures: list[int], retries: int) -> None:
    function = Function(failures, raises=True)
    delivery = Delivery(function, Policy(retries=retries, bisect=True))
    assert all(failures[number] for number in delivery.discarded)
    for poison in (number for number, times in enumerate(failures) if times == 1000):
        assert function.calls.count([poison]) == retries + 1


@given(failures=st.lists(st.integers(0, 3), max_size=8), raises=st.booleans())
def test_without_a_limit_everything_is_done(failures: list[int], raises: bool) -> None:
    function = Function(failures, raises=raises)
    delivery = Delivery(function, Policy())
    assert function.done == list(range(len(failures)))
    assert delivery.discarded == []


@given(length=st.integers(1, 8), retries=st.integers(1, 3))
def test_a_checkpoint_that_moved_has_its_own_retries(length: int, retries: int) -> None:
    # Each record fails `retries` times on its own, once those before it are done.
    verdicts = iter([*[Verdict(1), *[Verdict(0)] * (retries - 1)] * length, Verdict(1)])
    discarded: list[int] = []
    assert deliver(
        [{"number": number} for number in range(length + 1)],
        Policy(retries=retries),
        invoke=lambda _batch: next(verdicts),
        discard=lambda batch, _condition: discarded.extend(one["number"] for one in batch),
        now=lambda: 0.0,
        sleep=lambda _seconds: None,
        wanted=lambda: True,
    )
    assert discarded == []


def test_records_that_are_too_old_are_discarded() -> None:
    delivery = Delivery(Function([1000, 0], raises=True), Policy(max_age=60))
    assert delivery.conditions == ["MaxRecordAgeExceeded"]
    assert delivery.discarded == [0, 1]
    assert delivery.time > 60


def test_retries_wait_longer_and_longer_up_to_a_limit() -> None:
    waited: list[float] = []
    deliver(
        [{"number": 0}],
        Policy(retries=8),
        invoke=Function([1000], raises=True),
        discard=lambda _batch, _condition: None,
        now=lambda: 0.0,
        sleep=waited.append,
        wanted=lambda: True,
    )
    assert waited == sorted(waited)
    assert waited[0] < 1 < max(waited) == 5


def test_a_removed_mapping_is_no_longer_delivered() -> None:
    function = Function([1000], raises=True)
    assert not Delivery(function, Policy(), calls_wanted=3).finished
    assert len(function.calls) == 3


def test_nothing_to_deliver_calls_nothing() -> None:
    function = Function([], raises=True)
    assert Delivery(function, Policy()).finished
    assert function.calls == []


def test_the_lowest_failure_is_the_checkpoint() -> None:
    answer = {"batchItemFailures": [{"itemIdentifier": "c"}, {"itemIdentifier": "b"}]}
    assert verdict(answer, ["a", "b", "c"]) == Verdict(done=1)


def test_nothing_reported_is_success() -> None:
    answers: tuple[object, ...] = (
        None,
        {},
        {"batchItemFailures": None},
        {"batchItemFailures": []},
        "",
    )
    for answer in answers:
        assert verdict(answer, ["a", "b"]) == Verdict(done=2)


def test_an_identifier_that_is_not_of_the_batch_fails_the_whole() -> None:
    for one in ({"itemIdentifier": ""}, {"itemIdentifier": None}, {"item": "a"}, "a"):
        assert verdict({"batchItemFailures": [one]}, ["a", "b"]) == FAILED


def test_each_batch_waits_for_its_own_window() -> None:
    clock = [0.0]
    windows = Windows(lambda: clock[0])
    for begins in (10.0, 20.0):
        for at, waits in ((begins, True), (begins + 1, True), (begins + 2, False)):
            clock[0] = at
            assert windows.open("archive", seconds=2, full=False) is waits
    assert not windows.open("aggregate", seconds=0, full=False)


def test_a_full_batch_does_not_wait() -> None:
    assert not Windows(lambda: 0.0).open("archive", seconds=300, full=True)
