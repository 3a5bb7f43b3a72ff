"""The product's tables, made at the stand-in with the keys that its models have."""

from typing import Any

from cli.benchmark.world import REGION
from topk.stores.dynamodb.models import MODELS, bind


def tables() -> dict[str, str]:
    """Variable of a function's environment -> name of its table."""
    return {f"{kind.upper()}_TABLE": kind for kind in MODELS}


def create(client: Any) -> None:
    """Makes all tables by `client`, DynamoDB's, and gives the models theirs."""
    for kind, model in MODELS.items():
        names = [model._hash_keyname, model._range_keyname]  # noqa: SLF001 - nothing else tells
        keys = [name for name in names if name]
        client.create_table(
            TableName=kind,
            KeySchema=[
                {"AttributeName": name, "KeyType": role}
                for name, role in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    bind({kind: kind for kind in MODELS}, region=REGION)
