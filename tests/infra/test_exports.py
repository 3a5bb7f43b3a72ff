"""The bucket of exports: private, encrypted, short-lived, TLS only."""

from tests.infra.templates import pointed_at, properties, stateful


def test_the_bucket_is_private_encrypted_and_expires_objects_within_a_day() -> None:
    buckets = properties(stateful("aws"), "S3::Bucket")
    [bucket] = [made for name, made in buckets.items() if name.startswith("Exports")]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    [kept] = bucket["LifecycleConfiguration"]["Rules"]
    assert (kept["Status"], kept["ExpirationInDays"]) == ("Enabled", 1)
    assert "Prefix" not in kept
    assert "VersioningConfiguration" not in bucket, "what is erased would stay as a version"


def test_it_requires_tls() -> None:
    [policy] = [
        one
        for one in properties(stateful("aws"), "S3::BucketPolicy").values()
        if pointed_at(one["Bucket"]) == "Exports"
    ]
    [denied] = policy["PolicyDocument"]["Statement"]
    assert (denied["Effect"], denied["Action"]) == ("Deny", "s3:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
