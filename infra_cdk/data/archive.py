"""The bucket of the archive of plays."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.nag import accept

FILES, ERASED, DELETED, PURGING = "plays/", "erased/", "deleted/", "purging/"
"""Files, marks of the erased, deletions, and days that a purge has not finished."""
KEPT_DAYS, OPEN_DAYS = 400, 30


def archive_bucket(scope: Construct, *, local: bool, removal: RemovalPolicy) -> s3.Bucket:
    """Private and encrypted; without versions, so that what is erased is gone.

    Not in a colder class: the purge of the erased reads all, and would pay for that each time.
    """
    bucket = s3.Bucket(
        scope,
        "Archive",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # The emulator speaks plain HTTP and would be refused.
        enforce_ssl=not local,
        lifecycle_rules=[
            s3.LifecycleRule(prefix=FILES, expiration=Duration.days(KEPT_DAYS)),
            # Of a pass that was given up; the next one opens its own.
            s3.LifecycleRule(prefix=PURGING, expiration=Duration.days(OPEN_DAYS)),
        ],
        removal_policy=removal,
    )
    accept(
        bucket, "AwsSolutions-S1", "CloudTrail's data events tell who reads, without a bucket more."
    )
    return bucket
