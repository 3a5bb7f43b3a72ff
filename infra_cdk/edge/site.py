"""The bucket of the built elements and pages, and their deployment."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra_cdk.config import Stage
from infra_cdk.functions.layers import ROOT
from infra_cdk.monitoring.logs import log_group
from infra_cdk.nag import accept

BUILT = ROOT / "web" / "dist"
# Files with a content hash in their name, which embed/top-songs.js does not have.
HASHED = (
    "assets/*",
    "embed/top-songs-????????.js",
    "embed/top-songs-account-????????.js",
    "embed/top-songs-*words-*-????????.js",
)
YEAR = Duration.days(365)
MINUTES = Duration.minutes(5)


class Site(Construct):
    """The private bucket of a stage's static files, and that of the log of requests to it."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Site")
        self.logs = s3.Bucket(
            self,
            "Logs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(stage.log_retention_days))],
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(self.logs, "AwsSolutions-S1", "Logs end here.")
        self.files = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="files/",
            removal_policy=RemovalPolicy.DESTROY,
        )
        # Lambda would make one that is kept for ever.
        self._copying = log_group(self, "Copying", stage)

    def publish(self) -> None:
        """Deploys the output of `make web`.

        Files with a hash are kept across releases, because pages may embed older ones.
        """
        built = deployment.Source.asset(str(BUILT))
        self._put("Hashed", [built], YEAR, immutable=True, exclude=["*"], include=list(HASHED))
        self._put("Named", [built], MINUTES, immutable=False, exclude=list(HASHED))

    def _put(
        self,
        name: str,
        sources: list[deployment.ISource],
        kept: Duration,
        *,
        immutable: bool,
        exclude: list[str],
        include: list[str] | None = None,
    ) -> None:
        controls = [
            deployment.CacheControl.set_public(),
            deployment.CacheControl.max_age(kept),
            *([deployment.CacheControl.immutable()] if immutable else []),
        ]
        deployment.BucketDeployment(
            self,
            name,
            sources=sources,
            destination_bucket=self.files,
            cache_control=controls,
            exclude=exclude,
            include=include,
            prune=False,
            log_group=self._copying,
        )
