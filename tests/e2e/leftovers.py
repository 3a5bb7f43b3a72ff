"""What one test leaves behind that would keep another waiting."""

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import Person
from infra_cdk import outputs
from tests.waiting import eventually


def forget_crawls(stack: LocalStack) -> None:
    """The crawl queues are empty. A crawl with a dead grant is tried again after ten minutes."""
    for name, url in stack.outputs.items():
        if name.startswith("Queue"):
            stack.client("sqs").purge_queue(QueueUrl=url)


def await_crawls(stack: LocalStack) -> None:
    """Nothing is crawled or about to be; what is to be crawled minutes later may wait."""
    eventually(lambda: not _in_hand(stack), within=120)


def _in_hand(stack: LocalStack) -> int:
    sqs, found = stack.client("sqs"), 0
    for name, url in stack.outputs.items():
        if name.startswith("Queue"):
            told = sqs.get_queue_attributes(
                QueueUrl=url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                ],
            )
            found += sum(map(int, told["Attributes"].values()))
    return found


def forget_export(stack: LocalStack, person: Person) -> None:
    """`person` may export at once, whoever did so a moment ago."""
    stack.client("dynamodb").update_item(
        TableName=stack.outputs[outputs.table("Profiles")],
        Key={"owner": {"S": f"{person.tenant}#{person.user}"}},
        UpdateExpression="REMOVE exported_at",
    )
