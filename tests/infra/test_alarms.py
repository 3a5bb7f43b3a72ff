"""The alarms that notify a person."""

import json
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from infra_cdk.limits.names import resolved
from tests.infra.quotas import regions, stage_templates
from tests.infra.templates import objectives, properties, stateless
from tests.synthesis import Target, context

BURNS = ("Fast", "Slow")
OBJECTIVES = {
    "ApiUnavailable": 0.1,
    "ApiSlow": 1.0,
    "CrawlsLate": 1.0,
}
"""And the percentage of bad events that each allows."""
PARTS = {
    f"{name}{burn}{window}" for name in OBJECTIVES for burn in BURNS for window in ("Long", "Short")
}


UNREADABLE = {f"{outputs.pascal(name)}Unreadable" for name in context("aws")["providers"]}
"""Alarms on a share, computed from two metrics."""

CANARIES = {
    f"{outputs.pascal(name)}Canary{what}"
    for name, spec in SPECS.items()
    if spec.has_canary
    for what in ("Crashes", "Failures")
}
"""These roll a new version back and notify nobody."""


def _alarms(target: Target) -> dict[str, dict[str, Any]]:
    return _named(target, "CloudWatch::Alarm")


def _named(target: Target, kind: str) -> dict[str, dict[str, Any]]:
    stacks = [stateless(target), *([objectives()] if target == "aws" else [])]
    found = [one for stack in stacks for one in properties(stack, kind).items()]
    return {name[:-8].removeprefix("Alarms"): alarm for name, alarm in found}


@pytest.mark.parametrize("target", ["local", "aws"])
def test_every_alarm_except_parts_of_composites_notifies_the_topic(target: Target) -> None:
    composite = _named(target, "CloudWatch::CompositeAlarm")
    for name, alarm in (_alarms(target) | composite).items():
        if name not in PARTS | CANARIES:
            (action,) = alarm["AlarmActions"]
            assert "AlarmTopic" in json.dumps(action)


def test_each_objective_has_two_burn_rates_with_a_long_and_a_short_window() -> None:
    assert _named("aws", "CloudWatch::CompositeAlarm").keys() == {
        f"{name}{burn}" for name in OBJECTIVES for burn in BURNS
    }
    for name, allowed in OBJECTIVES.items():
        for burn, rate in zip(BURNS, (14.4, 6), strict=True):
            parts = [_alarms("aws")[f"{name}{burn}{window}"] for window in ("Long", "Short")]
            assert [part["Threshold"] for part in parts] == pytest.approx([rate * allowed] * 2)
    windows = {
        name: {one["MetricStat"]["Period"] for one in alarm["Metrics"] if "MetricStat" in one}
        for name, alarm in _alarms("aws").items()
        if name in PARTS
    }
    assert windows["ApiSlowFastLong"] == windows["CrawlsLateFastLong"] == {3600}
    assert windows["ApiSlowFastShort"] == windows["ApiUnavailableFastShort"] == {300}
    assert windows["ApiUnavailableSlowLong"] == windows["CrawlsLateSlowLong"] == {21600}
    assert windows["ApiSlowSlowShort"] == windows["CrawlsLateSlowShort"] == {1800}


@pytest.mark.parametrize("target", ["local", "aws"])
def test_the_set_of_alarms_is_complete(target: Target) -> None:
    assert {
        name: (alarm["MetricName"], alarm["Threshold"])
        for name, alarm in _alarms(target).items()
        if name not in PARTS | CANARIES | UNREADABLE
    } == {
        "ConnectErrors": ("Errors", 1),
        "DispatchErrors": ("Errors", 1),
        "CrawlErrors": ("Errors", 1),
        "IngestErrors": ("Errors", 1),
        "ScrobbleErrors": ("Errors", 1),
        "AggregateErrors": ("Errors", 1),
        "AnnounceErrors": ("Errors", 1),
        "ArchiveErrors": ("Errors", 1),
        "ReadErrors": ("Errors", 1),
        "AccountErrors": ("Errors", 1),
        "CardErrors": ("Errors", 1),
        "PrivacyErrors": ("Errors", 1),
        "ExportErrors": ("Errors", 1),
        "EraseErrors": ("Errors", 1),
        "ImportsErrors": ("Errors", 1),
        "PurgeErrors": ("Errors", 1),
        "PurgeDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
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
        **{
            f"{outputs.pascal(name)}QueueOld": ("QueueAge", 7200)
            for name in context("aws")["providers"]
        },
        "ErasureDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "ImportDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "StreamDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "ScheduleDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "AggregateBehind": ("IteratorAge", 15 * 60 * 1000),
        "AnnounceBehind": ("IteratorAge", 15 * 60 * 1000),
        "ArchiveBehind": ("IteratorAge", 60 * 60 * 1000),
        "DispatchSilent": ("Invocations", 1),
        "DispatchBehind": ("DispatchBehind", 1800),
    }


def test_items_that_cannot_be_read_are_watched_by_their_share() -> None:
    assert _alarms("aws").keys() >= UNREADABLE
    for name in UNREADABLE:
        alarm = _alarms("aws")[name]
        told = {
            one["MetricStat"]["Metric"]["MetricName"]
            for one in alarm["Metrics"]
            if "MetricStat" in one
        }
        assert (told, alarm["Threshold"]) == ({"ItemsUnreadable", "ItemsRead"}, 5)


def test_a_schedule_that_says_nothing_is_a_reason_to_wake_somebody() -> None:
    for name, alarm in _alarms("aws").items():
        silent = name == "DispatchSilent"
        assert alarm["TreatMissingData"] == ("breaching" if silent else "notBreaching")


def test_slow_requests_are_counted_by_the_share_below_the_latency_target() -> None:
    metrics = _alarms("aws")["ApiSlowFastLong"]["Metrics"]
    statistics = [one["MetricStat"]["Stat"] for one in metrics if "MetricStat" in one]
    assert sorted(statistics) == ["PR(:200)", "SampleCount"]


def test_no_alarm_watches_a_metric_of_another_stage() -> None:
    """Otherwise errors in staging would roll production back."""
    staging, production = (_watched(stage) for stage in ("staging", "production"))
    assert len(staging) > 20
    assert staging.isdisjoint(production)


def _watched(stage: str) -> set[str]:
    """Namespace, name and dimensions of all metrics that the stage's alarms watch."""
    templates = stage_templates(stage)
    alarms = [
        one["Properties"]
        for name in (outputs.stateless_stack(stage), outputs.objectives_stack(stage))
        for one in resolved(name, templates, regions(templates))["Resources"].values()
        if _is_alarm(one)
    ]
    parts = [one for alarm in alarms for one in alarm.get("Metrics", ())]
    metrics = [one["MetricStat"]["Metric"] for one in parts if "MetricStat" in one]
    metrics += [alarm for alarm in alarms if "MetricName" in alarm]
    fields = ("Namespace", "MetricName", "Dimensions")
    return {json.dumps({key: one.get(key) for key in fields}, sort_keys=True) for one in metrics}


def _is_alarm(resource: dict[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::CloudWatch::Alarm")
