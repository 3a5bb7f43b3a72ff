"""The product's tables as CreateTable takes them, with the keys and indexes of their models."""

from collections.abc import Iterator, Mapping
from typing import Any

from topk.stores.dynamodb.models import MODELS


def table_definitions() -> Iterator[Mapping[str, Any]]:
    """One request for each table, by the name of its kind."""
    for kind, model in MODELS.items():
        schema = model._get_schema()  # noqa: SLF001 - as PynamoDB itself makes the table
        indexes = [
            {
                "IndexName": index["index_name"],
                "KeySchema": index["key_schema"],
                "Projection": index["projection"],
            }
            for index in schema["global_secondary_indexes"]
        ]
        yield {
            "TableName": kind,
            # DynamoDB wants the partition key first.
            "KeySchema": sorted(schema["key_schema"], key=lambda key: key["KeyType"]),
            "AttributeDefinitions": schema["attribute_definitions"],
            "BillingMode": "PAY_PER_REQUEST",
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        }
