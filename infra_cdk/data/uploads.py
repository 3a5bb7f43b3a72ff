"""The bucket of uploaded histories, which deletes them after two days."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.nag import accept

FOLDER = "imports/"
KEPT_DAYS = 2


def upload_bucket(scope: Construct, *, local: bool, removal: RemovalPolicy) -> s3.Bucket:
    """Private and encrypted; without versions, so that erased data is gone.

    Any page may post to it, since a signed form is the permission and no cookie is one.
    """
    bucket = s3.Bucket(
        scope,
        "Uploads",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # The emulator uses plain HTTP and would be refused.
        enforce_ssl=not local,
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=Duration.days(KEPT_DAYS),
                abort_incomplete_multipart_upload_after=Duration.days(1),
            )
        ],
        cors=[
            s3.CorsRule(
                allowed_methods=[s3.HttpMethods.POST],
                allowed_origins=["*"],
                allowed_headers=["*"],
                max_age=3600,
            )
        ],
        removal_policy=removal,
    )
    accept(
        bucket,
        "AwsSolutions-S1",
        "CloudTrail's data events tell who writes, without a bucket more.",
    )
    return bucket
