"""Fixes of DynamoDB.

Limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import json
from collections.abc import Mapping
from typing import Any

from simulator.emulator.splice import Part, around, emulated, part

BATCH_GET_BYTES = 16 * 1024 * 1024


def end_batches_of_reads_at_sixteen_megabytes() -> None:
    """Fault: BatchGetItem returns everything, however large.

    AWS returns the keys of what does not fit as UnprocessedKeys:
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    tables = emulated("services.dynamodb")

    def get(original: Part, data: Mapping[str, Any]) -> Any:
        status, headers, body = original(data)
        if status != 200 or len(body) <= BATCH_GET_BYTES:
            return status, headers, body
        answer = json.loads(body)
        total = 0
        for name, items in answer["Responses"].items():
            wanted = data["RequestItems"][name]
            table = part(tables, "_tables")[part(tables, "_normalize_table_name")(name)]
            names = [key for key in (table.get("pk_name"), table.get("sk_name")) if key]
            for number, item in enumerate(items):
                total += part(tables, "_item_size_bytes")(item)
                if total > BATCH_GET_BYTES:
                    left = [{key: one[key] for key in names} for one in items[number:]]
                    answer["UnprocessedKeys"][name] = {**wanted, "Keys": left}
                    del items[number:]
                    break
        return emulated("core.responses").json_response(answer)

    around(tables, "_batch_get_item", get)
