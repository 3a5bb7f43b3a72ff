"""The deployed tables' schemas, so that a store is tested against what the deployment declares.

for create_table in table_schemas().values():
    client.create_table(**create_table)
"""

from typing import Any

from infra_cdk import outputs
from tests.synthesis import Template, synthesis

TAKEN = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes")


def table_schemas() -> dict[str, dict[str, Any]]:
    """Name of a table (Connections, TopLists, ...) -> the arguments of DynamoDB's CreateTable.

    The table is called by the same name. Expiry is no part of CreateTable. The first call after a
    change of the deployment takes seconds, any other milliseconds.
    """
    template = synthesis("local").templates[outputs.stateful_stack("local")]
    return {
        name: _create_table(name, template["Resources"][logical_id]["Properties"])
        for name, logical_id in _tables(template).items()
    }


def _tables(template: Template) -> dict[str, str]:
    prefix = outputs.table("")
    return {
        output.removeprefix(prefix): described["Value"]["Ref"]
        for output, described in template["Outputs"].items()
        if output.startswith(prefix)
    }


def _create_table(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    arguments = {"TableName": name} | {key: properties[key] for key in TAKEN if key in properties}
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    return arguments
