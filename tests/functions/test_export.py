"""export: all data of the caller, small or large, and no other user's data."""

import gzip
import json
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from cli.sandbox.deployment import EXPORTS, REGION
from functions.export import delivery
from functions.export.wiring import exporting
from functions.export.writing import AT_ONCE, written
from tests.fakes import ANNA, NOON, play
from tests.functions.conftest import Stage
from tests.functions.test_description import conforms
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.stores.s3.exports import LINK_SECONDS
from topk.stores.tables.plays import Plays
from topk.usecases.privacy.export import EVERY_SECONDS


def _objects() -> list[dict[str, Any]]:
    found: Any = boto3.client("s3", region_name=REGION).list_objects_v2(Bucket=EXPORTS)
    return list(found.get("Contents", ()))


def test_a_small_export_is_the_response_body(stage: Stage) -> None:
    status, document = stage.ask("export/mine")
    assert (status, document["user_id"], document["made_at"]) == (200, "anna", NOON)
    connected = [one["provider"] for one in document["connections"]]
    assert connected == ["apple_music", "spotify", "youtube"]
    assert [len(one["timetable"]) for one in document["connections"]] == [1, 1, 1]
    assert (document["following"], document["followers"], document["blocks"]) == (
        [{"user_id": "ben", "agreed_at": NOON - 86_400}],
        ["ben", "hugo"],
        [],
    )
    assert (document["follow_requests_sent"], document["follow_requests_received"]) == (
        [],
        ["finn"],
    )
    assert len(document["plays"]) == 6
    assert {one["waits_for"] for one in document["handshakes"]} == {"consent", "confirmation"}
    assert _objects() == []


def test_it_contains_no_token_sealed_or_open(stage: Stage) -> None:
    text = stage.play("export/mine")["body"]
    assert "fake-" not in text.replace("fake0000crawl", "").replace("image/fake", "")
    assert "eyJ" not in text, "a sealed grant begins so"


def test_the_provider_account_is_included_for_push_providers(stage: Stage) -> None:
    _, document = stage.ask("export/pushed")
    assert [one["accounts"] for one in document["connections"]] == [["finn-77"]]


def test_an_unknown_user_gets_an_empty_export(stage: Stage) -> None:
    status, document = stage.ask("export/of_nobody")
    assert (status, document["connections"], document["top_list"], document["plays"]) == (
        200,
        [],
        None,
        [],
    )


def test_a_list_is_exported_with_ranks_and_as_others_see_it(stage: Stage) -> None:
    stage.ask("read/mine")
    stage.ask("account/hide_song")
    _, document = stage.ask("export/mine")
    assert [(one["rank"], one["title"]) for one in document["top_list"]["songs"]] == [
        (1, "Northern Light"),
        (2, "Paper Boats"),
        (3, "Slow River"),
    ]
    assert document["profile"]["hidden_songs"]
    others = [one["title"] for one in document["top_list"]["songs_that_others_find"]]
    assert others == ["Paper Boats", "Slow River"]


def test_a_deletion_is_exported_without_the_plays_it_covers(stage: Stage) -> None:
    stage.ask("privacy/delete_song")
    _, document = stage.ask("export/mine")
    assert [len(one["song_ids"]) for one in document["deleted_plays"]] == [1]
    assert "Northern Light" not in json.dumps(document["plays"])


def test_a_large_export_is_a_short_lived_link_to_the_same_document(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "INLINE_BYTES", 1000)
    plays = tuple(play(f"Song {number}", NOON - number * 300) for number in range(3 * AT_ONCE))
    Plays(retention_days=35).append([Chunk(ANNA, "spotify", NOON, "fake-large", plays)])
    status, document = stage.ask("export/mine")
    assert (status, document["expires_at"]) == (200, NOON + LINK_SECONDS)
    (one,) = _objects()
    assert ANNA.user not in one["Key"], "S3's logs name objects"
    link = urlsplit(document["url"])
    assert link.path.endswith(one["Key"].replace("=", "%3D"))
    assert f"X-Amz-Expires={LINK_SECONDS}" in link.query
    kept = boto3.client("s3", region_name=REGION).get_object(Bucket=EXPORTS, Key=one["Key"])
    assert (kept["ContentType"], kept["ContentEncoding"]) == ("application/json", "gzip")
    document = json.loads(gzip.decompress(kept["Body"].read()))
    assert len(document["plays"]) == 6 + len(plays)
    conforms(document, {"$ref": "#/components/schemas/Export"})


def test_a_second_export_within_minutes_is_refused_for_this_user_only(stage: Stage) -> None:
    assert stage.ask("export/mine")[0] == 200
    answer = stage.play("export/mine")
    assert answer["statusCode"] == 429
    assert answer["headers"]["retry-after"] == str(EVERY_SECONDS)
    assert stage.ask("export/pushed")[0] == 200
    assert [stage.ask("export/of_nobody")[0] for _ in range(2)] == [200, 429]


def test_a_user_being_erased_gets_404(stage: Stage) -> None:
    status, problem = stage.ask("export/being_erased")
    assert (status, problem["type"]) == (404, "urn:topk:problem:not-visible")
    assert stage.changed == {}


def test_an_erasure_deletes_only_that_users_exports(stage: Stage) -> None:
    exports = exporting().exports
    for user in ("hugo", "anna"):
        exports.write(Owner("harbor", user), iter([b"{}"]), now=NOON)
    before = {one["Key"] for one in _objects()}
    stage.play("erase/first_pass")
    (left,) = _objects()
    exports.write(ANNA, iter([b"{}"]), now=NOON)
    assert before > {left["Key"]} == {one["Key"] for one in _objects()}


@pytest.mark.parametrize("length", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE])
def test_streamed_parts_form_json_with_every_item(length: int) -> None:
    items = [{"n": number, "text": 'é"'} for number in range(length)]
    fields = {"a": 1, "items": items, "none": None, "more": []}
    pieces = list(written([("a", 1), ("items", iter(items)), ("none", None), ("more", iter(()))]))
    assert json.loads(b"".join(pieces)) == fields
    assert max(map(len, pieces)) < 30 * AT_ONCE
