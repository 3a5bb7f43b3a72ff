"""The bucket of users' exports, which deletes them after a day."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.nag import accept

FOLDER = "exports/"
KEPT_DAYS = 1


def export_bucket(scope: Construct, *, local: bool, removal: RemovalPolicy) -> s3.Bucket:
    """Private and encrypted; without versions, so that erased data is gone."""
    bucket = s3.Bucket(
        scope,
        "Exports",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # The emulator uses plain HTTP and would be refused.
        enforce_ssl=not local,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(KEPT_DAYS))],
        removal_policy=removal,
    )
    accept(
        bucket,
        "AwsSolutions-S1",
        "A log of reads names users and would have to be erased too; a trail of the account with "
        "data events records who reads.",
    )
    return bucket
