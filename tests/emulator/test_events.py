"""The world's time on events, and metrics in a log, without the emulator."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.emulator.metrics import Measurement, measurements
from simulator.emulator.world_time import stamp

WALL = 1_000_000_000.0
WORLD = 1_700_000_000.5


def moved(wall: float) -> float:
    return WORLD + (wall - WALL)


def test_a_queue_record_keeps_its_distance_from_now() -> None:
    attributes = {"SentTimestamp": str(int((WALL - 30) * 1000)), "ApproximateReceiveCount": "2"}
    record = {"eventSource": "aws:sqs", "attributes": attributes}
    [stamped] = stamp({"Records": [record]}, world=WORLD, at=moved)["Records"]
    assert stamped["attributes"] == {
        "SentTimestamp": str(int((WORLD - 30) * 1000)),
        "ApproximateReceiveCount": "2",
    }


@given(st.floats(0, 4e9))
def test_stamping_twice_changes_nothing_more(world: float) -> None:
    request = {"requestContext": {"timeEpoch": 1, "time": "", "stage": "$default"}}
    once = stamp(request, world=world, at=moved)
    assert stamp(once, world=world, at=moved) == once
    assert once["requestContext"]["stage"] == "$default"


@given(st.dictionaries(st.text(), st.integers()))
def test_other_events_are_left_as_they_are(event: dict[str, int]) -> None:
    plain = {f"x{name}": value for name, value in event.items()}
    assert stamp(plain, world=WORLD, at=moved) == plain


def test_every_value_of_every_dimension_set_is_measured() -> None:
    log = (
        'START\n{"_aws": {"CloudWatchMetrics": [{"Namespace": "TopK", '
        '"Dimensions": [["service"], ["service", "provider"]], "Metrics": [{"Name": "Plays"}]}]}, '
        '"service": "crawl", "provider": "spotify", "Plays": [3, 4]}\nEND'
    )
    assert list(measurements(log)) == [
        Measurement("TopK", "Plays", value, "None", dimensions)
        for dimensions in (
            {"service": "crawl"},
            {"service": "crawl", "provider": "spotify"},
        )
        for value in (3, 4)
    ]


@given(st.text())
def test_lines_that_are_no_metrics_are_passed_over(text: str) -> None:
    assert list(measurements(f'{text}\n{{"_aws": {{}}}}\n{{"_aws"')) == []
