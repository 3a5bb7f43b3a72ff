"""The tables: one for each kind of item, so that grants stay narrow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra_cdk.config import AdoptedTable, Capacity, ConfigurationError
from infra_cdk.nag import accept

EXPIRES_AT = "expires_at"
TARGET_PERCENT = 80
"""Utilization that auto scaling keeps. It reacts within minutes; for those, unused capacity of five
minutes is left.
"""


@dataclass(frozen=True, slots=True)
class Schema:
    """A table's keys (all strings) and whether its items expire."""

    hash_key: str
    range_key: str | None = None
    expires: bool = False
    mostly_stored: bool = False
    """Storage is most of its cost: the class whose storage costs 60% less and units 25% more."""
    index: tuple[str, str, str] | None = None
    """Name, partition and sort key of a keys-only index, which finds rows that name an owner
    outside their partition key.
    """


SCHEMAS: Mapping[str, Schema] = {
    "Connections": Schema("owner", "provider"),
    "Timetable": Schema("slot", "connection"),
    "Plays": Schema("owner", "chunk", expires=True, mostly_stored=True),
    "TopLists": Schema("owner", "window"),
    "Profiles": Schema("owner"),
    "Follows": Schema("owner", "other", index=("by_other", "other", "owner")),
    "FollowRequests": Schema("owner", "other", expires=True, index=("by_other", "other", "owner")),
    "Blocks": Schema("owner", "other", index=("by_other", "other", "owner")),
    "Handshakes": Schema("state_hash", expires=True, index=("by_owner", "owner", "state_hash")),
    "DataKeys": Schema("epoch"),
    "ProviderUsers": Schema("account", "external_user"),
    "ProviderBudgets": Schema("app"),
    "Erasures": Schema("receipt", expires=True),
    "Imports": Schema("owner", "import_id", expires=True),
    "Tenants": Schema("tenant", "part"),
    "TenantRates": Schema("tenant"),
    "PersonalTokens": Schema("token_hash", expires=True, index=("by_owner", "owner", "token_hash")),
}


def index_of(table: str) -> str:
    """The name of the index of `table`. Raises KeyError if it has none."""
    index = SCHEMAS[table].index
    if index is None:
        raise KeyError(table)
    return index[0]


def tables(
    scope: Stack,
    *,
    protected: bool,
    streams: Collection[str],
    adopted: Mapping[str, AdoptedTable],
    provisioned: Mapping[str, Capacity],
) -> dict[str, dynamodb.ITable]:
    """All tables by name. `protected` tables survive mistakes and the stack. Tables in `streams`
    have a stream. `adopted` tables are used instead of those of the same name, which stay. Tables
    that are not `provisioned` are on demand.

    Raises ConfigurationError for a table that is unknown, or an adopted one without its stream.
    """
    for name in provisioned:
        if name not in SCHEMAS:
            raise ConfigurationError(f"provisioned: {name} is not a table")
    made: dict[str, dynamodb.ITable] = {
        name: _table(
            scope, name, schema, protected, stream=name in streams, capacity=provisioned.get(name)
        )
        for name, schema in SCHEMAS.items()
    }
    for name, one in adopted.items():
        if name not in SCHEMAS:
            raise ConfigurationError(f"adopted_tables: {name} is not a table")
        if name in streams and not one.stream:
            raise ConfigurationError(f"adopted_tables: {name} needs the label of its stream")
        made[name] = _adopted(scope, name, one)
    return made


def _adopted(scope: Stack, name: str, adopted: AdoptedTable) -> dynamodb.ITable:
    """A table of this account and region, such as one restored from a backup."""
    arn = scope.format_arn(service="dynamodb", resource="table", resource_name=adopted.name)
    return dynamodb.Table.from_table_attributes(
        scope,
        f"Adopted{name}",
        table_arn=arn,
        table_stream_arn=f"{arn}/stream/{adopted.stream}" if adopted.stream else None,
    )


def _table(
    scope: Construct,
    name: str,
    schema: Schema,
    protected: bool,
    *,
    stream: bool,
    capacity: Capacity | None,
) -> dynamodb.Table:
    recovery = dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=protected)
    table = dynamodb.Table(
        scope,
        name,
        partition_key=_key(schema.hash_key),
        sort_key=_key(schema.range_key) if schema.range_key else None,
        billing_mode=dynamodb.BillingMode.PROVISIONED
        if capacity
        else dynamodb.BillingMode.PAY_PER_REQUEST,
        read_capacity=capacity.read.least if capacity else None,
        write_capacity=capacity.write.least if capacity else None,
        # The AWS owned key is free, and tokens are already sealed; a customer managed key would add
        # KMS calls to every crawl.
        encryption=dynamodb.TableEncryption.DEFAULT,
        table_class=dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS
        if schema.mostly_stored and protected
        else None,
        time_to_live_attribute=EXPIRES_AT if schema.expires else None,
        stream=dynamodb.StreamViewType.KEYS_ONLY if stream else None,
        point_in_time_recovery_specification=recovery,
        deletion_protection=protected,
        removal_policy=RemovalPolicy.RETAIN if protected else RemovalPolicy.DESTROY,
    )
    if not protected:
        accept(table, "AwsSolutions-DDB3", "A stage without protection keeps no data.")
    _add_index(table, schema, capacity)
    if capacity:
        _scale(table, schema, capacity)
    return table


def _scale(table: dynamodb.Table, schema: Schema, capacity: Capacity) -> None:
    read, write = capacity.read, capacity.write
    scaled = [
        table.auto_scale_read_capacity(min_capacity=read.least, max_capacity=read.most),
        table.auto_scale_write_capacity(min_capacity=write.least, max_capacity=write.most),
    ]
    if schema.index:
        name, *_ = schema.index
        scaled += [
            table.auto_scale_global_secondary_index_read_capacity(
                name, min_capacity=read.least, max_capacity=read.most
            ),
            table.auto_scale_global_secondary_index_write_capacity(
                name, min_capacity=write.least, max_capacity=write.most
            ),
        ]
    for one in scaled:
        one.scale_on_utilization(target_utilization_percent=TARGET_PERCENT)


def _add_index(table: dynamodb.Table, schema: Schema, capacity: Capacity | None) -> None:
    if schema.index:
        name, hash_key, range_key = schema.index
        table.add_global_secondary_index(
            index_name=name,
            partition_key=_key(hash_key),
            sort_key=_key(range_key),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            read_capacity=capacity.read.least if capacity else None,
            write_capacity=capacity.write.least if capacity else None,
        )


def _key(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
