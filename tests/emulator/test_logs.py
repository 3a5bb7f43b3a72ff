"""A call's log contains exactly what the call printed."""

import pytest

from tests.emulator.deployed import Deployed

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]


def printed(deployed: Deployed) -> list[str]:
    """The lines of the newest call's log between START and END."""
    logs, group = deployed.client("logs"), f"/aws/lambda/{deployed.name('Chatty')}"
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    newest = max(streams, key=lambda stream: stream["creationTime"])["logStreamName"]
    events = logs.get_log_events(
        logGroupName=group, logStreamName=newest, startFromHead=True, limit=10_000
    )["events"]
    start, *lines, end, report = [event["message"] for event in events]
    assert (start[:5], end[:3], report[:6]) == ("START", "END", "REPORT")
    return lines


@pytest.mark.parametrize("lines", [0, 1, 2000])
@pytest.mark.parametrize("last", ["", "a line without its end"])
def test_a_log_is_complete(deployed: Deployed, lines: int, last: str) -> None:
    deployed.invoke("Chatty", lines=lines, last=last, raises=False)
    assert printed(deployed) == [f"line {number}" for number in range(lines)] + [last] * bool(last)


def test_an_exception_is_logged_after_what_was_printed(deployed: Deployed) -> None:
    deployed.invoke("Chatty", lines=2, last="", raises=True)
    found = printed(deployed)
    assert found[:3] == ["line 0", "line 1", "Traceback (most recent call last):"]
    assert found[-1] == "ValueError: no more"
