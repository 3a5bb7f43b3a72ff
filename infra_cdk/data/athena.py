"""Athena's database of the archive: files, marks of erased users, and the view to query."""

import base64
import json
from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.data.archive import ERASED, FILES

FIRST_DAY = "2026-01-01"
COLUMNS = {
    "tenant": "string",
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
PARTITIONS = {"day": "string"}
MARK = {"tenant": "string", "digest": "string"}
PLAY = (
    *PARTITIONS,
    *("tenant", "user", "provider", "listened_at", "precision", "track_id", "title", "artists"),
)
"""Columns that identify a play."""
NOTHING: Mapping[str, str] = {}
_HIVE = "org.apache.hadoop.hive.ql.io"
_PARQUET = (
    f"{_HIVE}.parquet.MapredParquetInputFormat",
    f"{_HIVE}.parquet.MapredParquetOutputFormat",
    f"{_HIVE}.parquet.serde.ParquetHiveSerDe",
)
_LINES = (
    "org.apache.hadoop.mapred.TextInputFormat",
    f"{_HIVE}.HiveIgnoreKeyTextOutputFormat",
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
)
_OF_PRESTO = {"string": "varchar", "int": "integer", "array<string>": "array(varchar)"}
DIGEST = 'lower(to_hex(sha256(to_utf8(f."user"))))'
"""The name of a user's mark (topk.stores.s3.erased_users)."""


class ArchiveTables(Construct):
    """A Glue database with `files`, whose days are projected, `erased`, and the view `plays`
    without erased users and with each play once.
    """

    def __init__(self, scope: Construct, bucket: s3.IBucket, *, stage: str) -> None:
        super().__init__(scope, "ArchiveTable")
        self._bucket = bucket.bucket_name
        self._database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Stack.of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=f"topk_{stage}"),
        )
        days = {
            "projection.enabled": "true",
            "projection.day.type": "date",
            "projection.day.format": "yyyy-MM-dd",
            "projection.day.range": f"{FIRST_DAY},NOW",
            "storage.location.template": f"s3://{self._bucket}/{FILES}day=${{day}}/",
        }
        self._files("Files", FILES, COLUMNS, _PARQUET, partitions=PARTITIONS, parameters=days)
        # Without partitions, Athena reads the folders below too.
        self._files("Erased", ERASED, MARK, _LINES, of_serde={"field.delim": ","})
        self._view(f"topk_{stage}")

    def _files(
        self,
        name: str,
        folder: str,
        columns: Mapping[str, str],
        form: tuple[str, str, str],
        *,
        partitions: Mapping[str, str] = NOTHING,
        parameters: Mapping[str, str] = NOTHING,
        of_serde: Mapping[str, str] = NOTHING,
    ) -> None:
        read, write, serde = form
        self._table(
            name,
            table_type="EXTERNAL_TABLE",
            partition_keys=_columns(partitions),
            parameters=dict(parameters),
            storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                columns=_columns(columns),
                location=f"s3://{self._bucket}/{folder}",
                input_format=read,
                output_format=write,
                serde_info=glue.CfnTable.SerdeInfoProperty(
                    serialization_library=serde, parameters=dict(of_serde)
                ),
            ),
        )

    def _view(self, database: str) -> None:
        """A view in the format that Athena writes into Glue."""
        columns = {**COLUMNS, **PARTITIONS}
        told = {
            "originalSql": kept_plays(),
            "catalog": "awsdatacatalog",
            "schema": database,
            "columns": [
                {"name": name, "type": _OF_PRESTO.get(kind, kind)} for name, kind in columns.items()
            ],
        }
        encoded = base64.b64encode(json.dumps(told).encode()).decode()
        self._table(
            "Plays",
            table_type="VIRTUAL_VIEW",
            parameters={"presto_view": "true", "comment": "Presto View"},
            view_original_text=f"/* Presto View: {encoded} */",
            view_expanded_text="/* Presto View */",
            storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                columns=_columns(columns), location="", serde_info={}
            ),
        )

    def _table(self, name: str, **described: object) -> None:
        glue.CfnTable(
            self,
            name,
            catalog_id=Stack.of(self).account,
            database_name=self._database.ref,
            table_input=glue.CfnTable.TableInputProperty(name=name.lower(), **described),  # type: ignore[arg-type]
        )


def kept_plays() -> str:
    """The query of the view `plays`, which returns one row for each play and day.

    Where a provider reported other columns differently, the minimum of each is used. Unused columns
    are not read. `day` is part of the identity, so that a query of some days reads only those.
    """
    columns = ", ".join(
        f'f."{name}"' if name in PLAY else f'min(f."{name}") as "{name}"'
        for name in (*COLUMNS, *PARTITIONS)
    )
    play = ", ".join(f'f."{name}"' for name in PLAY)
    return (
        f"select {columns} from files f left join erased e"  # noqa: S608 - names of our own
        f" on e.tenant = f.tenant and e.digest = {DIGEST} where e.digest is null group by {play}"
    )


def _columns(named: Mapping[str, str]) -> list[glue.CfnTable.ColumnProperty]:
    return [glue.CfnTable.ColumnProperty(name=name, type=kind) for name, kind in named.items()]
