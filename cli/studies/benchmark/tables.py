"""Creates the product's tables at the stand-in."""

from typing import Any

from cli.local_stack.table_definitions import table_definitions
from cli.studies.benchmark.world import REGION
from topk.stores.dynamodb.models import MODELS, bind


def tables() -> dict[str, str]:
    """Variable of a function's environment -> name of its table."""
    return {f"{kind.upper()}_TABLE": kind for kind in MODELS}


def create(client: Any) -> None:
    """Creates all tables with `client` (DynamoDB), and binds the models to them."""
    for definition in table_definitions():
        client.create_table(**definition)
    bind({kind: kind for kind in MODELS}, region=REGION)
