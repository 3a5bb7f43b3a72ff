"""Every place of a deployment where something can be read, as text."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from cli.local_stack.stack import LocalStack
from infra_cdk import outputs
from topk.clock import wall_clock
from topk.stores.codecs.archive_format import decode as decode_archived
from topk.stores.codecs.chunk_format import decode as decode_chunk
from topk.stores.codecs.list_format import decode as decode_list
from topk.stores.s3.archived_deletions import FOLDER as DELETED
from topk.stores.tables import markers
from topk.stores.tables.top_lists import WINDOW

Places = dict[str, list[str]]
"""A place, `<kind> <name>`, -> the texts that stand there."""


def everything(stack: LocalStack) -> Places:
    """Logs, tables, queues, buckets, metrics, functions' settings, templates. Messages stay where
    they are.

    Sealed grants and wrapped data keys are there too: as text nothing can be seen of them.
    """
    found: Places = {}
    for look in (_logs, _tables, _queues, _buckets, _metrics, _functions, _templates):
        for place, text in look(stack):
            found.setdefault(place, []).append(text)
    return found


def _logs(stack: LocalStack) -> Iterator[tuple[str, str]]:
    logs = stack.client("logs")
    for groups in logs.get_paginator("describe_log_groups").paginate():
        for name in (group["logGroupName"] for group in groups["logGroups"]):
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                for event in page["events"]:
                    yield f"log {name}", event["message"]


def _tables(stack: LocalStack) -> Iterator[tuple[str, str]]:
    dynamodb = stack.client("dynamodb")
    for name, table in stack.outputs.items():
        if name.startswith("Table"):
            for page in dynamodb.get_paginator("scan").paginate(TableName=table):
                for item in page["Items"]:
                    yield from ((f"table {name}", text) for text in _attributes(item))


def _attributes(item: dict[str, Any]) -> Iterator[str]:
    for name, typed in item.items():
        ((_, value),) = typed.items()
        if not isinstance(value, bytes):
            yield f"{name}={value}"
            continue
        yield f"{name}={value.decode('latin-1')}"
        if "chunk" in item and not item["chunk"]["S"].startswith(markers.FIRST):
            yield str(decode_chunk(value, item["chunk"]["S"].split("#")[1]))
        elif item.get("window") == {"S": WINDOW}:
            yield str(decode_list(value, as_of=date.min, time_zone=""))


def _queues(stack: LocalStack) -> Iterator[tuple[str, str]]:
    sqs = stack.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        place, taken = f"queue {url.rpartition('/')[2]}", []
        while found := sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=60,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages"):
            taken += found
        for message in taken:
            yield place, json.dumps(message)
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )


def _buckets(stack: LocalStack) -> Iterator[tuple[str, str]]:
    s3 = stack.client("s3")
    for name in (outputs.ARCHIVE_BUCKET, outputs.EXPORT_BUCKET):
        bucket, place = stack.outputs[name], f"bucket {name}"
        yield place, bucket
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in (one["Key"] for one in page.get("Contents", ())):
                body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                yield from ((place, text) for text in (key, *_content(key, body)))


def _content(key: str, body: bytes) -> Iterator[str]:
    if key.endswith(".parquet"):
        yield from (f"{chunk.owner.key}#{chunk}" for chunk in decode_archived(body))
    elif key.startswith(DELETED):
        lines = map(json.loads, body.splitlines())
        yield from (f"{line['tenant']}#{line['user']}" for line in lines)
    else:
        yield (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def _metrics(stack: LocalStack) -> Iterator[tuple[str, str]]:
    cloudwatch = stack.client("cloudwatch")
    for page in cloudwatch.get_paginator("list_metrics").paginate():
        for metric in page["Metrics"]:
            yield f"metric {metric['Namespace']}", json.dumps(metric)


def _functions(stack: LocalStack) -> Iterator[tuple[str, str]]:
    client = stack.client("lambda")
    for page in client.get_paginator("list_functions").paginate():
        for one in page["Functions"]:
            yield f"function {one['FunctionName']}", json.dumps(one, default=str)


def _templates(stack: LocalStack) -> Iterator[tuple[str, str]]:
    client = stack.client("cloudformation")
    for one in client.describe_stacks()["Stacks"]:
        name = one["StackName"]
        yield f"template {name}", json.dumps(one, default=str)
        yield f"template {name}", str(client.get_template(StackName=name)["TemplateBody"])


def plant(stack: LocalStack, canary: str, queue: str, table: str) -> None:
    """Puts `canary` where it must be found: a log, `table`, `queue` and a metric."""
    logs = stack.client("logs")
    logs.create_log_group(logGroupName="planted")
    logs.create_log_stream(logGroupName="planted", logStreamName="planted")
    at = int((wall_clock() - 5) * 1000)
    line = {"timestamp": at, "message": f'{{"level": "INFO", "url": "/?code={canary}&x=1"}}'}
    logs.put_log_events(logGroupName="planted", logStreamName="planted", logEvents=[line])
    row = {"state_hash": {"S": "planted"}, "note": {"S": f"Bearer {canary}"}}
    stack.client("dynamodb").put_item(TableName=stack.outputs[table], Item=row)
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs[queue],
        MessageBody="planted",
        MessageAttributes={"reason": {"DataType": "String", "StringValue": f"refused {canary}"}},
    )
    metric = {"MetricName": "Planted", "Value": 1, "Dimensions": [{"Name": "of", "Value": canary}]}
    stack.client("cloudwatch").put_metric_data(Namespace="planted", MetricData=[metric])


def uproot(stack: LocalStack, queue: str, table: str) -> None:
    """Takes away what `plant` put; the metric stays, which nobody reads."""
    stack.client("logs").delete_log_group(logGroupName="planted")
    stack.client("dynamodb").delete_item(
        TableName=stack.outputs[table], Key={"state_hash": {"S": "planted"}}
    )
    sqs, url = stack.client("sqs"), stack.outputs[queue]
    taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in taken:
        if message["Body"] == "planted":
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        else:
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
