"""What wakes a person."""

import pytest

from infra_cdk import outputs
from tests.infra.templates import properties, stateless
from tests.synthesis import Target, context


@pytest.mark.parametrize("target", ["local", "aws"])
def test_every_alarm_notifies_the_topic(target: Target) -> None:
    for alarm in properties(stateless(target), "CloudWatch::Alarm").values():
        (action,) = alarm["AlarmActions"]
        assert action["Ref"].startswith("AlarmsTopic")


@pytest.mark.parametrize("target", ["local", "aws"])
def test_these_are_the_alarms(target: Target) -> None:
    alarms = properties(stateless(target), "CloudWatch::Alarm")
    assert {
        name[:-8].removeprefix("Alarms"): (alarm["MetricName"], alarm["Threshold"])
        for name, alarm in alarms.items()
    } == {
        "ConnectErrors": ("Errors", 1),
        "DispatchErrors": ("Errors", 1),
        "CrawlErrors": ("Errors", 1),
        "IngestErrors": ("Errors", 1),
        "AggregateErrors": ("Errors", 1),
        "ReadErrors": ("Errors", 1),
        "AccountErrors": ("Errors", 1),
        "DeadLettersSpotify": ("ApproximateNumberOfMessagesVisible", 1),
        "DeadLettersAppleMusic": ("ApproximateNumberOfMessagesVisible", 1),
        "DeadLettersYoutube": ("ApproximateNumberOfMessagesVisible", 1),
        "DeadLettersLastfm": ("ApproximateNumberOfMessagesVisible", 1),
        "DeadLettersListenbrainz": ("ApproximateNumberOfMessagesVisible", 1),
        "DeadLettersPartner": ("ApproximateNumberOfMessagesVisible", 1),
        **{
            f"{outputs.pascal(name)}Shut": ("BreakerOpen", 1)
            for name in context("aws")["providers"]
        },
        "StreamDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "ScheduleDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "AggregateBehind": ("IteratorAge", 15 * 60 * 1000),
        "ReadSlow": ("Duration", 200),
    }


def test_slow_reads_are_judged_by_the_slowest_hundredth() -> None:
    alarms = properties(stateless("aws"), "CloudWatch::Alarm")
    (slow,) = [alarm for name, alarm in alarms.items() if name[:-8] == "AlarmsReadSlow"]
    assert slow["ExtendedStatistic"] == "p99"
