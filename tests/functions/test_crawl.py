"""crawl: batches as a queue delivers them, good and bad."""

import json
from dataclasses import replace

import pytest

from cli.sandbox.deployment import forget, look
from functions.crawl.wiring import crawling
from tests.fakes import NOON
from tests.functions.conftest import EVENTS, Stage
from topk.domain.crawl.breaker import SEVERAL
from topk.stores.dynamodb.models import TenantModel
from topk.stores.tables.tenants import CURRENT

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}


@pytest.mark.parametrize("fixture", ["due", "duplicate"])
def test_plays_are_written_once_and_the_checkpoint_moves(stage: Stage, fixture: str) -> None:
    assert stage.play(f"crawl/{fixture}") == DONE
    assert (len(stage.changed["plays"]), stage.changed["connections"]) == (
        1,
        ["harbor#anna spotify"],
    )


def _suspend(*, suspended: bool) -> None:
    row = TenantModel.get("harbor", CURRENT)
    served = {**json.loads(row.served), "suspended": suspended}
    row.update([TenantModel.served.set(json.dumps(served))])
    forget()


def test_a_suspended_tenant_is_not_crawled_until_it_is_resumed(stage: Stage) -> None:
    _suspend(suspended=True)
    assert stage.play("crawl/due") == DONE
    assert not stage.changed.keys() - {"tenants"}, "neither the connection nor a queue"
    _suspend(suspended=False)
    assert stage.play("crawl/due") == DONE
    assert (len(stage.changed["plays"]), stage.changed["connections"]) == (
        1,
        ["harbor#anna spotify"],
    )


def test_a_second_crawl_of_the_same_plays_writes_none(stage: Stage) -> None:
    stage.play("crawl/due")
    stage.play("crawl/due")
    assert len(stage.changed["plays"]) == 1


def test_a_first_list_without_times_counts_nothing(stage: Stage) -> None:
    assert stage.play("crawl/due_apple_music") == DONE
    assert set(stage.changed) == {"connections", "provider_budgets"}


def test_a_pending_export_is_requested_again(stage: Stage) -> None:
    assert stage.play("crawl/due_youtube") == DONE
    assert set(stage.changed) == {"connections", "provider_budgets", "queue topk-youtube"}


def test_a_malformed_message_is_dead_lettered_and_the_other_crawled(stage: Stage) -> None:
    assert stage.play("crawl/malformed") == DONE
    assert "queue topk-spotify-dead" in stage.changed
    assert len(stage.changed["plays"]) == 1


def test_only_the_failing_crawl_is_sent_again(stage: Stage) -> None:
    assert stage.play("crawl/partial_failure") == DONE
    assert "queue topk-spotify" in stage.changed
    assert len(stage.changed["plays"]) == 1


def test_the_last_failed_attempt_is_dead_lettered(stage: Stage) -> None:
    assert stage.play("crawl/last_attempt") == DONE
    assert "queue topk-spotify-dead" in stage.changed


def test_a_limited_crawl_waits_in_the_queue_and_the_other_completes(stage: Stage) -> None:
    assert stage.play("crawl/rate_limited") == DONE
    assert "queue topk-spotify" in stage.changed
    assert len(stage.changed["plays"]) == 1


def _limit_the_app(stage: Stage) -> None:
    """One limited crawl after the other, none answered between them."""
    event = json.loads((EVENTS / "crawl/rate_limited.json").read_text(encoding="utf-8"))
    for _ in range(SEVERAL):
        stage.call("crawl", {"Records": event["Records"][:1]})


def test_one_limited_user_shuts_no_other_out(stage: Stage) -> None:
    stage.play("crawl/rate_limited")
    assert look()["provider_budgets"].get("spotify#main", {}).get("state") != "open"


def test_a_limit_counts_from_the_answer_not_from_the_messages_first_delivery(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = replace(crawling(), clock=lambda: NOON + 1000.5)
    monkeypatch.setattr("functions.crawl.handler.crawling", lambda: late)
    _limit_the_app(stage)
    assert look()["provider_budgets"]["spotify#main"]["until"] == str(NOON + 1000 + 72_000)


def test_after_a_limit_nothing_of_that_provider_goes_out_and_others_go_on(stage: Stage) -> None:
    _limit_the_app(stage)
    before = look()["connections"]
    for fixture in ("due", "partial_failure", "revoked", "due_apple_music"):
        assert stage.play(f"crawl/{fixture}") == DONE
    after = look()["connections"]
    assert {key for key, row in after.items() if row != before[key]} == {"harbor#anna apple_music"}


def test_a_revoked_grant_waits_for_the_user(stage: Stage) -> None:
    assert stage.play("crawl/revoked") == DONE
    assert stage.changed == {
        "connections": ["harbor#carla spotify"],
        "provider_budgets": ["spotify#main"],
        "queue topk-spotify": ["messages"],
    }


@pytest.mark.parametrize("fixture", ["unknown_connection"])
def test_a_job_of_a_missing_connection_is_completed(stage: Stage, fixture: str) -> None:
    assert stage.play(f"crawl/{fixture}") == DONE
    assert set(stage.changed) == set(), "it takes no slot of the budget"


def test_an_early_crawl_is_sent_again_with_a_delay(stage: Stage) -> None:
    assert stage.play("crawl/too_early") == DONE
    assert stage.changed == {"queue topk-spotify": ["messages"]}


def test_nothing_secret_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for fixture in ("due", "malformed", "revoked", "rate_limited", "last_attempt"):
        stage.play(f"crawl/{fixture}")
    logged = " ".join(str(record.__dict__) for record in caplog.records)
    assert "fake-correlation-1" in logged
    for secret in ("fake-access", "fake-refresh", "fake-client", "fake-music", "Traceback"):
        assert secret not in logged
