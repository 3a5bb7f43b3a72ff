"""aggregate: batches as the stream delivers them."""

import itertools
import json
import os
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from cli.commands.run.replay import Context
from cli.sandbox.deployment import REGION
from functions.aggregate import handler
from tests.functions.conftest import EVENTS, Stage, inserted
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.owner import Owner
from topk.domain.toplist.top_list import TopList
from topk.usecases.lists.build_list import build_list

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}


@pytest.mark.parametrize("fixture", ["insert", "duplicate"])
def test_a_repeated_record_changes_nothing(stage: Stage, fixture: str) -> None:
    assert stage.play(f"aggregate/{fixture}") == DONE
    before = stage.changed
    assert stage.play(f"aggregate/{fixture}") == DONE
    assert stage.changed == before
    assert "harbor#anna 7d" in before["top_lists"]


def test_the_expiry_of_the_marker_keeps_what_nobody_has_kept(stage: Stage) -> None:
    assert stage.play("aggregate/silence") == DONE
    kept = [key for key in stage.changed["plays"] if " !" in key]
    assert kept, stage.changed
    assert "harbor#anna ~k" in stage.changed["plays"]


def test_compacted_chunks_themselves_build_no_list(stage: Stage) -> None:
    event = json.loads((EVENTS / "aggregate/insert.json").read_text(encoding="utf-8"))
    (record,) = event["Records"]
    for key in ("!1795348800#spotify#fake", "~k"):
        record["dynamodb"]["Keys"]["chunk"]["S"] = key
        assert stage.call("aggregate", event) == DONE
    assert stage.changed == {}


@pytest.mark.parametrize(
    ("fixture", "failed", "written"),
    [
        ("partial_failure", "111000000000000000002", ["harbor#anna 7d", "harbor#ben 7d"]),
        ("malformed", "111000000000000000001", ["harbor#ben 7d"]),
    ],
)
def test_an_unreadable_record_is_reported_and_the_others_are_processed(
    stage: Stage, fixture: str, failed: str, written: list[str]
) -> None:
    assert stage.play(f"aggregate/{fixture}") == {"batchItemFailures": [{"itemIdentifier": failed}]}
    assert stage.changed["top_lists"] == written


def _failing(owner: str, act: Callable[[], None]) -> Callable[..., TopList]:
    def build(of: Owner, *given: Any, **named: Any) -> TopList:
        if of.key == owner:
            act()
        return build_list(of, *given, **named)

    return build


def _crash() -> None:
    raise KeyError("a title that no log may quote")


def _compute_for_ever() -> None:
    while True:
        pass


def _read_a_broken_row() -> None:
    raise MalformedMessageError("a chunk without plays")


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (_crash, "KeyError at test_aggregate.py:"),
        (_compute_for_ever, "more processor time"),
        (_read_a_broken_row, "a chunk without plays"),
    ],
)
def test_an_owner_whose_list_cannot_be_built_is_given_up_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], reason: str
) -> None:
    monkeypatch.setattr("functions.aggregate.handler._SECONDS_EACH", 0.2)
    monkeypatch.setattr("topk.usecases.lists.aggregate.build_list", _failing("harbor#anna", act))
    assert stage.call("aggregate", inserted("harbor#anna", "harbor#ben")) == DONE
    assert stage.changed["top_lists"] == ["harbor#ben 7d"]
    url = json.loads(os.environ["DEAD_LETTER_URLS"])["stream"]
    sqs = boto3.client("sqs", region_name=REGION)
    [message] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    told = json.loads(message["Body"])
    assert (told["owner"], told["chunks"]) == ("harbor#anna", ["fake0crawl"])
    assert told["reason"].startswith(reason)


def test_an_owner_whose_tables_fail_is_retried(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _fail() -> None:
        raise StoreError("throttled")

    monkeypatch.setattr("topk.usecases.lists.aggregate.build_list", _failing("harbor#anna", _fail))
    answer = stage.call("aggregate", inserted("harbor#anna", "harbor#ben"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert stage.changed["top_lists"] == ["harbor#ben 7d"]


def test_lists_that_no_time_is_left_for_are_made_with_the_next_batch(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([30_000, 21_000, 19_000])
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: next(left))
    monkeypatch.setattr(handler, "_AT_ONCE", 1)
    answer = stage.call("aggregate", inserted("harbor#anna", "harbor#carla", "harbor#ben"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert stage.changed["top_lists"] == ["harbor#anna 7d", "harbor#carla 7d"]


def test_the_first_lists_are_made_however_long_the_reads_took(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = itertools.chain([60_000], itertools.repeat(15_000))
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: next(left))
    monkeypatch.setattr(handler, "_AT_ONCE", 1)
    answer = stage.call("aggregate", inserted("harbor#anna", "harbor#ben"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert stage.changed["top_lists"] == ["harbor#anna 7d"]


@pytest.mark.parametrize("marker", ["~h", "~c", "~"])
def test_only_ids_of_crawls_are_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture, marker: str
) -> None:
    batch = inserted("harbor#anna", "harbor#ben")
    batch["Records"][0]["dynamodb"]["Keys"]["chunk"]["S"] = f"{marker}1763812800#{'s' * 16}"
    assert stage.call("aggregate", batch) == DONE
    logged = " ".join(str(record.__dict__) for record in caplog.records)
    assert "fake1crawl" in logged
    assert "s" * 16 not in logged
