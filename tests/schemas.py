"""The deployed tables' schemas, so that a store is tested against what the deployment declares.

    for create_table in table_schemas().values():
        client.create_table(**create_table)

The stateful stack is synthesised once for each state of its source (some 4 s) and kept in `.topk/`;
after that an answer takes milliseconds, in every worker of a parallel run.
"""

import functools
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".topk" / "schemas"


@functools.cache
def table_schemas() -> dict[str, dict[str, Any]]:
    """Name of a table (Connections, TopLists, ...) -> the arguments of DynamoDB's CreateTable.

    The table is called by the same name. Expiry is no part of CreateTable.
    """
    kept = CACHE / f"{_digest()}.json"
    if not kept.exists():
        _write(kept, json.dumps(_schemas(_stateful_template())))
    schemas: dict[str, dict[str, Any]] = json.loads(kept.read_text())
    return schemas


def _digest() -> str:
    sources = [ROOT / "cdk.json", *sorted((ROOT / "infra_cdk").glob("*.py")), Path(__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def _stateful_template() -> dict[str, Any]:
    # CDK takes a second to load: only the first run after a change needs it.
    import aws_cdk as cdk

    from infra_cdk.config import deployments
    from infra_cdk.stateful import Stateful

    declared = json.loads((ROOT / "cdk.json").read_text())["context"]
    choice = {"target": "local", "world": "http://world", "emulator": "http://emulator"}
    (deployment,) = deployments(declared | choice)
    with tempfile.TemporaryDirectory() as outdir:
        app = cdk.App(context=declared, outdir=outdir, builtin_cloud_formation_validation=False)
        stack = Stateful(app, deployment, synthesizer=None)
        template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    return template


def _schemas(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = {
        output["Value"]["Ref"]: name.removeprefix("Table")
        for name, output in template["Outputs"].items()
        if name.startswith("Table")
    }
    return {
        name: _create_table(name, template["Resources"][logical_id]["Properties"])
        for logical_id, name in names.items()
    }


def _create_table(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    taken = ("KeySchema", "AttributeDefinitions", "BillingMode")
    arguments = {"TableName": name} | {key: properties[key] for key in taken}
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    return arguments
