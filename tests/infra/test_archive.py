"""The archive of plays: private, encrypted, kept for a time, and known to Athena."""

from infra_cdk.archive import COLUMNS
from tests.infra.templates import properties, stateful, stateless
from topk.stores.archive_format import SCHEMA


def test_the_bucket_is_private_encrypted_and_forgets() -> None:
    buckets = properties(stateful("aws"), "S3::Bucket")
    [bucket] = [made for name, made in buckets.items() if name.startswith("Archive")]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    [kept] = bucket["LifecycleConfiguration"]["Rules"]
    assert (kept["Prefix"], kept["ExpirationInDays"]) == ("plays/", 400)
    assert "VersioningConfiguration" not in bucket, "what is erased would stay as a version"


def test_athena_knows_the_columns_that_are_written() -> None:
    [table] = properties(stateless("aws"), "Glue::Table").values()
    told = table["TableInput"]
    assert [one["Name"] for one in told["StorageDescriptor"]["Columns"]] == SCHEMA.names
    assert [one["Name"] for one in told["PartitionKeys"]] == ["tenant", "day"]
    assert told["Parameters"]["projection.enabled"] == "true"
    assert list(COLUMNS) == SCHEMA.names
    assert not {"grant", "token", "checkpoint"} & set(COLUMNS)
