"""Source of the functions that the contract tests deploy, as a template's inline code."""

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""

CRASH = """
def handler(event, context):
    raise ValueError("detail that no caller may see")
"""

LOOK_AROUND = """
import importlib.util, os, sys, time
def handler(event, context):
    return {
        "now": time.time(),
        "found": [name for name in event["modules"] if importlib.util.find_spec(name)],
        "environment": dict(os.environ),
        "path": sys.path,
    }
"""

SEND_BATCH = """
import os, boto3
def handler(event, context):
    entries = [{"Id": body, "MessageBody": body} for body in event["bodies"]]
    answer = boto3.client("sqs").send_message_batch(QueueUrl=os.environ["QUEUE"], Entries=entries)
    return len(answer["Successful"])
"""

READ_SECRET = """
import os, boto3
def handler(event, context):
    client = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]
"""

MEASURE = """
import json
def handler(event, context):
    print(json.dumps({
        "_aws": {"Timestamp": 0, "CloudWatchMetrics": [{
            "Namespace": "Contract", "Dimensions": [["service"]],
            "Metrics": [{"Name": "Crawls", "Unit": "Count"}],
        }]},
        "service": "crawl", "Crawls": [2, 3],
    }))
"""

# Keeps its worker long enough for others to be wanted.
LAYERED = """
import os, time, layered
def handler(event, context):
    time.sleep(event["seconds"])
    return {"worker": os.getpid(), "file": os.path.realpath(layered.__file__)}
"""

# Sends the keys that it gets to the queue SEEN. A key's prefix sets the outcome.
STREAM = """
import json, os, boto3
queue = boto3.client("sqs")
failed_once = set()
def handler(event, context):
    keys = [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]
    queue.send_message(QueueUrl=os.environ["SEEN"], MessageBody=json.dumps(keys))
    if any(key.startswith("poison") for key in keys):
        raise ValueError("poison")
    if any(key.startswith("hold") for key in keys):
        hold()
    failures = [record for record in event["Records"] if fails(record)]
    return {"batchItemFailures": [
        {"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in failures
    ]}
def fails(record):
    key = record["dynamodb"]["Keys"]["id"]["S"]
    again = key in failed_once
    failed_once.add(key)
    return key.startswith("fails-once") and not again
def hold():
    release = {"QueueUrl": os.environ["RELEASE"], "WaitTimeSeconds": 5}
    while not (found := queue.receive_message(**release).get("Messages")):
        pass
    queue.delete_message(QueueUrl=release["QueueUrl"], ReceiptHandle=found[0]["ReceiptHandle"])
"""

FORWARD = """
import json, os, boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=json.dumps(event))
"""

CHATTY = """
import sys
def handler(event, context):
    for number in range(event["lines"]):
        print("line", number)
    sys.stdout.write(event["last"])
    if event["raises"]:
        raise ValueError("no more")
"""
