"""The archive of plays: the bucket, and the table by which Athena reads it."""

from collections.abc import Iterable

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.nag import accept

FILES = "plays/"
KEPT_DAYS = 400
FIRST_DAY = "2026-01-01"
COLUMNS = {
    "user": "string",
    "provider": "string",
    "fetched_at": "bigint",
    "crawl_id": "string",
    "listened_at": "bigint",
    "precision": "tinyint",
    "track_id": "string",
    "title": "string",
    "artists": "array<string>",
    "album": "string",
    "duration": "int",
    "isrc": "string",
    "url": "string",
    "image": "string",
}


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
            s3.LifecycleRule(
                prefix=FILES,
                expiration=Duration.days(KEPT_DAYS),
            )
        ],
        removal_policy=removal,
    )
    accept(
        bucket, "AwsSolutions-S1", "CloudTrail's data events tell who reads, without a bucket more."
    )
    return bucket


class ArchiveTable(Construct):
    """`plays` in a database of Glue's: Athena derives its partitions and needs no crawler."""

    def __init__(
        self, scope: Construct, bucket: s3.IBucket, *, stage: str, tenants: Iterable[str]
    ) -> None:
        super().__init__(scope, "ArchiveTable")
        account = Stack.of(self).account
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=f"topk_{stage}"),
        )
        place = f"s3://{bucket.bucket_name}/{FILES}"
        glue.CfnTable(
            self,
            "Plays",
            catalog_id=account,
            database_name=database.ref,
            table_input=glue.CfnTable.TableInputProperty(
                name="plays",
                table_type="EXTERNAL_TABLE",
                partition_keys=_columns({"tenant": "string", "day": "string"}),
                parameters={
                    "classification": "parquet",
                    "projection.enabled": "true",
                    "projection.tenant.type": "enum",
                    "projection.tenant.values": ",".join(tenants),
                    "projection.day.type": "date",
                    "projection.day.format": "yyyy-MM-dd",
                    "projection.day.range": f"{FIRST_DAY},NOW",
                    "storage.location.template": f"{place}tenant=${{tenant}}/day=${{day}}/",
                },
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=_columns(COLUMNS),
                    location=place,
                    input_format=("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"),
                    output_format=(
                        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
                    ),
                    serde_info=glue.CfnTable.SerdeInfoProperty(
                        serialization_library=(
                            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
                        )
                    ),
                ),
            ),
        )


def _columns(named: dict[str, str]) -> list[glue.CfnTable.ColumnProperty]:
    return [glue.CfnTable.ColumnProperty(name=name, type=kind) for name, kind in named.items()]
