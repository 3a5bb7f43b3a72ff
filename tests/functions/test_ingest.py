"""ingest: pushes of a provider, and each refusal."""

import json
from typing import Any

import pytest

from tests.functions.conftest import EVENTS, Stage, with_claims
from topk.domain.limits import LARGEST_DELIVERY_BODY
from topk.domain.signature import sign
from topk.stores.dynamodb.models import PlaysModel

SECRET = "fake-push-secret-of-32-characters"
NOON = 1_795_348_800
DAY = 86_400


def _event(body: str, *, at: int = NOON) -> dict[str, Any]:
    """The fixture `delivered` with another body, signed and sent at `at`."""
    event: dict[str, Any] = json.loads((EVENTS / "ingest/delivered.json").read_text())
    event["body"] = body
    event["headers"]["x-topk-signature"] = sign(body.encode(), SECRET, at=at)
    event["requestContext"]["timeEpoch"] = at * 1000
    return event


def _body() -> str:
    body: str = json.loads((EVENTS / "ingest/delivered.json").read_text())["body"]
    return body


@pytest.mark.parametrize("fixture", ["delivered", "delivered_base64"])
def test_pushed_listens_become_plays_of_the_owner(stage: Stage, fixture: str) -> None:
    assert stage.ask(f"ingest/{fixture}") == (200, {"accepted": 2, "rejected": []})
    assert list(stage.changed) == ["plays"]
    (key,) = stage.changed["plays"]
    assert key.startswith("harbor#finn")


def test_a_repeated_call_adds_nothing(stage: Stage) -> None:
    first = stage.ask("ingest/delivered")
    rows = _plays()
    assert stage.ask("ingest/delivered") == first
    for off in (1, 3600, 2 * DAY):
        assert stage.call("ingest", _event(_body(), at=NOON + off))["statusCode"] == 200
    assert _plays() == rows


def test_each_listen_is_accepted_or_refused_separately(stage: Stage) -> None:
    status, body = stage.ask("ingest/delivered_partly")
    assert (status, body["accepted"]) == (200, 1)
    assert [(one["index"], one["code"]) for one in body["rejected"]] == [
        (1, "unreadable"),
        (2, "unreadable"),
        (3, "future"),
        (4, "too_old"),
        (5, "unknown_user"),
        (6, "unknown_user"),
    ]
    of_paused, of_nobody = ({**one, "index": 0} for one in body["rejected"][4:])
    assert of_paused == of_nobody


def test_the_response_matches_the_contract(stage: Stage) -> None:
    shown = json.loads((EVENTS / "providers/partner/delivery_answer.json").read_text())
    _, body = stage.ask("ingest/delivered_partly")
    assert body["rejected"][0] == shown["rejected"][0]
    assert set(body) == set(shown)


@pytest.mark.parametrize(
    "fixture",
    [
        "unsigned",
        "signature_malformed",
        "signature_of_another_body",
        "signature_of_another_secret",
        "signature_too_old",
        "signature_too_early",
    ],
)
def test_an_invalid_signature_stores_nothing_and_reveals_nothing(
    stage: Stage, fixture: str
) -> None:
    answer = stage.play(f"ingest/{fixture}")
    problem = json.loads(answer["body"])
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert (answer["statusCode"], problem.pop("status")) == (401, 401)
    assert problem == {
        "type": "urn:topk:problem:signature",
        "title": "Missing, invalid or expired credentials",
        "instance": "urn:topk:request:JKJaXmPLvHcESHA=",
    }
    assert stage.changed == {}


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("malformed", 400, "body"),
        ("wrong_type", 400, "listens"),
        ("without_listens", 400, "listens"),
        ("too_many", 413, "listens"),
        ("unknown_provider", 404, "provider"),
        ("provider_that_does_not_push", 404, "provider"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answered, body = stage.ask(f"ingest/{fixture}")
    assert (answered, body["status"], body["field"]) == (status, status, field)
    assert stage.changed == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (" " * (LARGEST_DELIVERY_BODY + 1), 413),
        (_body() + " " * (LARGEST_DELIVERY_BODY - len(_body())), 200),
        ('{"listens": [' + "[" * 100_000 + "]" * 100_000 + "]}", 400),
        ("", 400),
        ("null", 400),
    ],
    ids=["too large", "just not too large", "nested", "empty", "null"],
)
def test_a_body_of_any_size_and_depth_is_bounded(stage: Stage, body: str, status: int) -> None:
    assert stage.call("ingest", _event(body))["statusCode"] == status


def test_a_thousand_listens_of_the_longest_kind_are_stored(stage: Stage) -> None:
    track = {"title": "\u591c" * 150, "artists": ["\u591c" * 90]}
    listens = [
        {"user_id": "finn-77", "listened_at": NOON - DAY + 300 * turn, "track": track}
        for turn in range(-700, 280)
    ]
    body = json.dumps({"listens": listens}, ensure_ascii=False)
    answer = stage.call("ingest", _event(body))
    assert json.loads(answer["body"]) == {"accepted": 980, "rejected": []}


def test_after_disconnecting_pushes_are_refused(stage: Stage) -> None:
    event = json.loads((EVENTS / "connect/disconnect.json").read_text())
    event["pathParameters"]["provider"] = "partner"
    stage.call("connect", with_claims(event, sub="finn"))
    assert stage.changed["provider_users"] == [
        "#harbor#finn partner#finn-77",
        "partner#default finn-77",
    ]
    _, body = stage.ask("ingest/delivered")
    assert [one["code"] for one in body["rejected"]] == ["unknown_user"] * 2
    assert "plays" not in stage.changed


def test_pushed_listens_are_counted(stage: Stage) -> None:
    stage.play("ingest/delivered")
    (row,) = PlaysModel.query("harbor#finn")
    event = json.loads((EVENTS / "aggregate/insert.json").read_text())
    event["Records"][0]["dynamodb"]["Keys"] = {
        "owner": {"S": row.owner},
        "chunk": {"S": row.chunk},
    }
    assert stage.call("aggregate", event) == {"batchItemFailures": []}
    assert stage.changed["top_lists"] == ["harbor#finn 7d"]


def test_neither_secrets_nor_plays_are_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    for fixture in ("delivered", "delivered_partly", "signature_of_another_secret", "malformed"):
        stage.play(f"ingest/{fixture}")
    logged = " ".join(str(record.__dict__) for record in caplog.records)
    assert "signed by someone else" in logged
    for secret in ("fake-push", "fake-other", "v1=", "Northern", "stranger-1", "Traceback"):
        assert secret not in logged


def _plays() -> list[str]:
    return [row.chunk for row in PlaysModel.query("harbor#finn")]
