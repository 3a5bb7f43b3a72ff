"""The archive of plays: private, encrypted, kept for a time, and known to Athena."""

import base64
import json
from typing import Any

import duckdb

from cli.commands.operate.archive import _PLAY
from infra_cdk.data.athena import COLUMNS, DIGEST, PLAY, kept_plays
from tests.infra.templates import properties, stateful, stateless
from topk.stores.codecs.archive_format import SCHEMA
from topk.stores.s3.erased_users import digest_of


def test_the_bucket_is_private_encrypted_and_forgets() -> None:
    buckets = properties(stateful("aws"), "S3::Bucket")
    [bucket] = [made for name, made in buckets.items() if name.startswith("Archive")]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    kept = bucket["LifecycleConfiguration"]["Rules"]
    assert {one["Prefix"]: one["ExpirationInDays"] for one in kept} == {
        "plays/": 400,
        "purging/": 30,
    }
    assert "VersioningConfiguration" not in bucket, "what is erased would stay as a version"


def _tables() -> dict[str, dict[str, Any]]:
    found = properties(stateless("aws"), "Glue::Table").values()
    return {one["TableInput"]["Name"]: one["TableInput"] for one in found}


def test_athena_knows_the_columns_that_are_written() -> None:
    told = _tables()["files"]
    assert [one["Name"] for one in told["StorageDescriptor"]["Columns"]] == SCHEMA.names
    assert [one["Name"] for one in told["PartitionKeys"]] == ["tenant", "day"]
    assert told["Parameters"]["projection.enabled"] == "true"
    assert list(COLUMNS) == SCHEMA.names
    assert not {"grant", "token", "checkpoint"} & set(COLUMNS)


def test_what_is_asked_is_a_view_of_the_files_and_the_marks() -> None:
    view = _tables()["plays"]
    assert view["TableType"] == "VIRTUAL_VIEW"
    encoded = view["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    told = json.loads(base64.b64decode(encoded))
    assert told["originalSql"] == kept_plays()
    names = [one["Name"] for one in view["StorageDescriptor"]["Columns"]]
    assert names == [one["name"] for one in told["columns"]] == [*SCHEMA.names, "tenant", "day"]
    assert _tables()["erased"]["PartitionKeys"][0]["Name"] == "tenant"


def test_the_view_leaves_out_whoever_is_marked_in_their_tenant_alone() -> None:
    users = [("harbor", "anna", 1), ("harbor", "ben", 1), ("meadow", "anna", 1)]
    assert _viewed(users) == [("harbor", "ben"), ("meadow", "anna")]


def test_the_view_shows_what_several_files_repeat_once_and_what_differs_apart() -> None:
    plays = [("harbor", "ben", 1), ("harbor", "ben", 1), ("harbor", "ben", 2)]
    assert _viewed(plays) == [("harbor", "ben")] * 2


def test_here_plays_are_told_apart_as_there() -> None:
    assert {one.strip('"') for one in _PLAY.split(", ")} == set(PLAY)


def _viewed(plays: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """Whose plays the view shows, of (tenant, user, listened_at); harbor's anna is erased."""
    with duckdb.connect() as base:
        columns = ", ".join(f'"{name}" varchar' for name in (*COLUMNS, "tenant", "day"))
        base.execute(f"create table files ({columns})")
        base.executemany('insert into files (tenant, "user", listened_at) values (?, ?, ?)', plays)
        base.execute("create table erased (tenant varchar, digest varchar)")
        base.execute("insert into erased values (?, ?)", ["harbor", digest_of("anna")])
        # What Athena spells out, DuckDB's function does by itself.
        asked = kept_plays().replace(DIGEST, 'sha256(f."user")')
        found = base.execute(f'select tenant, "user" from ({asked}) order by all')
        return found.fetchall()
