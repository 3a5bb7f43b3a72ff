"""The bucket of the archive of plays."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.nag import accept

FILES, ERASED, DELETED, PURGING = "plays/", "erased/", "deleted/", "purging/"
"""Folders of files, marks of erased users, deletions, and open days of a purge."""
KEPT_DAYS, OPEN_DAYS = 400, 30


def archive_bucket(scope: Construct, *, local: bool, removal: RemovalPolicy) -> s3.Bucket:
    """Private and encrypted; without versions, so that erased data is gone.

    Not in a colder storage class, which would charge each purge for reading.
    """
    bucket = s3.Bucket(
        scope,
        "Archive",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # The emulator uses plain HTTP and would be refused.
        enforce_ssl=not local,
        lifecycle_rules=[
            s3.LifecycleRule(prefix=FILES, expiration=Duration.days(KEPT_DAYS)),
            # Left by an abandoned pass; the next one creates its own.
            s3.LifecycleRule(prefix=PURGING, expiration=Duration.days(OPEN_DAYS)),
        ],
        removal_policy=removal,
    )
    accept(
        bucket,
        "AwsSolutions-S1",
        "A log of reads names users and would have to be erased too; a trail of the account with "
        "data events records who reads.",
    )
    return bucket
