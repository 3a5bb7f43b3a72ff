"""The tables, as PynamoDB models. Key names are those of the deployed tables.

A model has no table until `bind` gives it one: nothing is read from the environment on import.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any

from botocore.session import Session
from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from topk.aws_session import aws_session
from topk.stores.dynamodb.fast_client import FastClient


class ConnectionModel(Model):
    class Meta:
        table_name = "connections"

    owner = UnicodeAttribute(hash_key=True)
    provider = UnicodeAttribute(range_key=True)
    grant = UnicodeAttribute()
    status = UnicodeAttribute()
    status_since = NumberAttribute()
    connected_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    consent_ends_at = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    checkpoint = UnicodeAttribute(null=True)
    crawled_through = NumberAttribute(default=0)
    known_since = NumberAttribute(null=True)
    heard_at = NumberAttribute(null=True)
    per_day = NumberAttribute(default=1)
    every_days = NumberAttribute(default=1)
    pulled_every = NumberAttribute(null=True)
    calm_since = NumberAttribute(null=True)
    gaps = UnicodeAttribute(null=True)
    refusals = NumberAttribute(null=True)
    refused_since = NumberAttribute(null=True)
    push_agreed = NumberAttribute(null=True)
    pulled_at = NumberAttribute(null=True)
    viewed_at = NumberAttribute(null=True)
    much_followed = NumberAttribute(null=True)
    followed = NumberAttribute(null=True)
    version = NumberAttribute(default=0)


class TimetableModel(Model):
    class Meta:
        table_name = "timetable"

    slot = UnicodeAttribute(hash_key=True)
    connection = UnicodeAttribute(range_key=True)
    every_days = NumberAttribute(null=True)
    per_day = NumberAttribute(null=True)
    pulled_every = NumberAttribute(null=True)
    followed = NumberAttribute(null=True)
    census = UnicodeAttribute(null=True)
    through = NumberAttribute(null=True)
    holder = UnicodeAttribute(null=True)
    leased_until = NumberAttribute(null=True)


class PlaysModel(Model):
    class Meta:
        table_name = "plays"

    owner = UnicodeAttribute(hash_key=True)
    chunk = UnicodeAttribute(range_key=True)
    body = BinaryAttribute(legacy_encoding=False)
    expires_at = NumberAttribute(null=True)


class TopListModel(Model):
    class Meta:
        table_name = "top_lists"

    owner = UnicodeAttribute(hash_key=True)
    window = UnicodeAttribute(range_key=True)
    body = BinaryAttribute(legacy_encoding=False)
    as_of = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    complete_days = NumberAttribute(null=True)
    latest = NumberAttribute(null=True)
    rule = NumberAttribute(null=True)
    version = NumberAttribute()


class ProfileModel(Model):
    class Meta:
        table_name = "profiles"

    owner = UnicodeAttribute(hash_key=True)
    visibility = UnicodeAttribute(null=True)
    time_zone = UnicodeAttribute(null=True)
    followers = NumberAttribute(null=True)
    hidden_songs = UnicodeSetAttribute(null=True)
    hidden_providers = UnicodeSetAttribute(null=True)
    erasing = UnicodeAttribute(null=True)
    plays_deleted_at = NumberAttribute(null=True)
    blocks_changed_at = NumberAttribute(null=True)
    exported_at = NumberAttribute(null=True)
    announcing = NumberAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    portrait = UnicodeAttribute(null=True)
    service = UnicodeAttribute(null=True)
    spent_in = NumberAttribute(null=True)
    spent = NumberAttribute(null=True)


class FollowersIndex(GlobalSecondaryIndex["FollowModel"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_other"
        projection = KeysOnlyProjection()

    other = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute(range_key=True)


class FollowModel(Model):
    class Meta:
        table_name = "follows"

    owner = UnicodeAttribute(hash_key=True)
    other = UnicodeAttribute(range_key=True)
    agreed_at = NumberAttribute(null=True)
    by_other = FollowersIndex()


class AskedIndex(GlobalSecondaryIndex["FollowRequestModel"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_other"
        projection = KeysOnlyProjection()

    other = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute(range_key=True)


class FollowRequestModel(Model):
    class Meta:
        table_name = "follow_requests"

    owner = UnicodeAttribute(hash_key=True)
    other = UnicodeAttribute(range_key=True)
    asked_at = NumberAttribute()
    declined = NumberAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    expires_at = NumberAttribute()
    by_other = AskedIndex()


class BlockersIndex(GlobalSecondaryIndex["BlockModel"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_other"
        projection = KeysOnlyProjection()

    other = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute(range_key=True)


class BlockModel(Model):
    class Meta:
        table_name = "blocks"

    owner = UnicodeAttribute(hash_key=True)
    other = UnicodeAttribute(range_key=True)
    by_other = BlockersIndex()


class HandshakesIndex(GlobalSecondaryIndex["HandshakeModel"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner = UnicodeAttribute(hash_key=True)
    state_hash = UnicodeAttribute(range_key=True)


class HandshakeModel(Model):
    class Meta:
        table_name = "handshakes"

    state_hash = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute()
    provider = UnicodeAttribute()
    code_verifier = UnicodeAttribute(null=True)
    redirect_uri = UnicodeAttribute(null=True)
    return_to = UnicodeAttribute(null=True)
    grant = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()
    by_owner = HandshakesIndex()


class DataKeyModel(Model):
    class Meta:
        table_name = "data_keys"

    epoch = UnicodeAttribute(hash_key=True)
    wrapped = BinaryAttribute(legacy_encoding=False)


class ProviderUserModel(Model):
    class Meta:
        table_name = "provider_users"

    account = UnicodeAttribute(hash_key=True)
    external_user = UnicodeAttribute(range_key=True)
    owners = UnicodeSetAttribute(null=True)


class ProviderBudgetModel(Model):
    class Meta:
        table_name = "provider_budgets"

    app = UnicodeAttribute(hash_key=True)
    express_free_at = NumberAttribute(null=True)
    standing_free_at = NumberAttribute(null=True)
    unscheduled = NumberAttribute(null=True)
    plan_day = NumberAttribute(null=True)
    plan_price = NumberAttribute(null=True)
    plan_unscheduled = NumberAttribute(null=True)
    state = UnicodeAttribute(null=True)
    until = NumberAttribute(null=True)
    failures = NumberAttribute(null=True)
    trips = NumberAttribute(null=True)
    limits = NumberAttribute(null=True)
    version = NumberAttribute(null=True)


class ErasureModel(Model):
    class Meta:
        table_name = "erasures"

    receipt = UnicodeAttribute(hash_key=True)
    asked_at = NumberAttribute(null=True)
    done_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class PersonalTokensIndex(GlobalSecondaryIndex["PersonalTokenModel"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner = UnicodeAttribute(hash_key=True)
    token_hash = UnicodeAttribute(range_key=True)


class PersonalTokenModel(Model):
    class Meta:
        table_name = "personal_tokens"

    token_hash = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute()
    kind = UnicodeAttribute()
    name = UnicodeAttribute()
    created_at = NumberAttribute()
    last_used_at = NumberAttribute(null=True)
    parent = UnicodeAttribute(null=True)
    sealed_password = UnicodeAttribute(null=True)
    latest_import = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    by_owner = PersonalTokensIndex()


class ImportModel(Model):
    class Meta:
        table_name = "imports"

    owner = UnicodeAttribute(hash_key=True)
    import_id = UnicodeAttribute(range_key=True)
    created_at = NumberAttribute()
    body = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute()
    expires_at = NumberAttribute()


class TenantModel(Model):
    class Meta:
        table_name = "tenants"

    tenant = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    served = UnicodeAttribute(null=True)
    declared = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    what = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    at = NumberAttribute(null=True)


class TenantRateModel(Model):
    class Meta:
        table_name = "tenant_rates"

    tenant = UnicodeAttribute(hash_key=True)
    empty_at = NumberAttribute(null=True)
    day = NumberAttribute(null=True)
    names = UnicodeSetAttribute(null=True)


MODELS: Mapping[str, type[Model]] = {
    "connections": ConnectionModel,
    "timetable": TimetableModel,
    "plays": PlaysModel,
    "top_lists": TopListModel,
    "profiles": ProfileModel,
    "follows": FollowModel,
    "follow_requests": FollowRequestModel,
    "blocks": BlockModel,
    "handshakes": HandshakeModel,
    "data_keys": DataKeyModel,
    "provider_users": ProviderUserModel,
    "provider_budgets": ProviderBudgetModel,
    "erasures": ErasureModel,
    "personal_tokens": PersonalTokenModel,
    "imports": ImportModel,
    "tenants": TenantModel,
    "tenant_rates": TenantRateModel,
}


def bind(tables: Mapping[str, str], *, region: str) -> Connection:
    """Bind each model of `tables` (kind -> name of the deployed table) to its table.

    All share one client, which is returned, because creating one is slow.
    """
    shared = _connection(region)
    for kind, table in tables.items():
        model = MODELS[kind]
        model.Meta.table_name = table
        model.Meta.region = region
        of_table = model._get_connection()  # noqa: SLF001 - PynamoDB has no other way to share
        if of_table.connection is not shared:
            with suppress(ValueError):  # raised where the table is known already
                shared.add_meta_table(of_table.get_meta_table())
            of_table.connection = shared
    return shared


class _ShortConnection(Connection):
    """A PynamoDB connection that uses the fast client."""

    @property
    def session(self) -> Session:
        return aws_session()

    @cached_property
    def client(self) -> Any:
        return FastClient(super().client)


@lru_cache(maxsize=1)
def _connection(region: str) -> _ShortConnection:
    return _ShortConnection(region=region)
