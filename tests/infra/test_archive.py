"""The archive of plays: private, encrypted, expiring, and readable by Athena."""

import base64
import json
from typing import Any

import duckdb

from cli.commands.operate.archive import _PLAY
from infra_cdk.data.athena import COLUMNS, DIGEST, PLAY, kept_plays
from tests.fake_s3 import FakeS3
from tests.infra.templates import properties, stateful, stateless
from topk.domain.owner import Owner
from topk.stores.codecs.archive_format import SCHEMA
from topk.stores.s3.erased_users import ErasedUsers, digest_of


def test_the_bucket_is_private_encrypted_and_expires_objects() -> None:
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


def test_athenas_columns_are_those_that_are_written() -> None:
    files = _tables()["files"]
    assert [one["Name"] for one in files["StorageDescriptor"]["Columns"]] == SCHEMA.names
    assert [one["Name"] for one in files["PartitionKeys"]] == ["day"]
    assert files["Parameters"]["projection.enabled"] == "true"
    assert list(COLUMNS) == SCHEMA.names
    assert not {"grant", "token", "checkpoint"} & set(COLUMNS)


def test_queries_use_a_view_over_files_and_marks() -> None:
    view = _tables()["plays"]
    assert view["TableType"] == "VIRTUAL_VIEW"
    encoded = view["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    query = json.loads(base64.b64decode(encoded))
    assert query["originalSql"] == kept_plays()
    names = [one["Name"] for one in view["StorageDescriptor"]["Columns"]]
    assert names == [one["name"] for one in query["columns"]] == [*SCHEMA.names, "day"]


def test_no_tenant_is_in_the_tables_that_athena_knows() -> None:
    assert "harbor" not in json.dumps(_tables())


def test_marks_are_read_as_they_are_written() -> None:
    erased = _tables()["erased"]["StorageDescriptor"]
    assert [one["Name"] for one in erased["Columns"]] == ["tenant", "digest"]
    s3 = FakeS3()
    list(ErasedUsers(s3, bucket="archive").mark(Owner("harbor", "anna")))
    [line] = next(iter(s3.objects.values())).decode().splitlines()
    delimiter = erased["SerdeInfo"]["Parameters"]["field.delim"]
    assert line.split(delimiter) == ["harbor", digest_of("anna")]


def test_the_view_omits_marked_users_only_in_their_own_tenant() -> None:
    users = [("harbor", "anna", 1), ("harbor", "ben", 1), ("meadow", "anna", 1)]
    assert _viewed(users) == [("harbor", "ben"), ("meadow", "anna")]


def test_the_view_shows_repeated_plays_once_and_different_ones_separately() -> None:
    plays = [("harbor", "ben", 1), ("harbor", "ben", 1), ("harbor", "ben", 2)]
    assert _viewed(plays) == [("harbor", "ben")] * 2


def test_the_view_and_the_archive_distinguish_plays_alike() -> None:
    assert {one.strip('"') for one in _PLAY.split(", ")} == set(PLAY)


def _viewed(plays: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """Users in the view of plays (tenant, user, listened_at); harbor's anna is erased."""
    with duckdb.connect() as base:
        columns = ", ".join(f'"{name}" varchar' for name in (*COLUMNS, "day"))
        base.execute(f"create table files ({columns})")
        base.executemany('insert into files (tenant, "user", listened_at) values (?, ?, ?)', plays)
        base.execute("create table erased (tenant varchar, digest varchar)")
        base.execute("insert into erased values (?, ?)", ["harbor", digest_of("anna")])
        # DuckDB's function does implicitly what Athena's needs written out.
        asked = kept_plays().replace(DIGEST, 'sha256(f."user")')
        found = base.execute(f'select tenant, "user" from ({asked}) order by all')
        return found.fetchall()
