"""What one test leaves behind that would keep another waiting."""

from cli.demonstration.people import Person
from cli.local_stack import LocalStack
from infra_cdk import outputs


def forget_crawls(stack: LocalStack) -> None:
    """Nothing waits in the crawl queues: who crawled a dead grant looks again after ten minutes."""
    for name, url in stack.outputs.items():
        if name.startswith("Queue"):
            stack.client("sqs").purge_queue(QueueUrl=url)


def forget_export(stack: LocalStack, person: Person) -> None:
    """`person` may export at once, whoever did so a moment ago."""
    stack.client("dynamodb").update_item(
        TableName=stack.outputs[outputs.table("Profiles")],
        Key={"owner": {"S": f"{person.tenant}#{person.user}"}},
        UpdateExpression="REMOVE exported_at",
    )
