"""Names by which the deployed parts are found: stacks, and the outputs of a stack.

Standard library only, so that the command line and tests read it without loading CDK. In the file
that `cdk deploy --outputs-file` writes, a stack's outputs are an object under the stack's name; an
output's name occurs in one of a stage's stacks only.

=======================  ==========================================================
Table<Name>              name of a table, e.g. TablePlays
TokenKey                 id of the KMS key that wraps the data keys
Secret<Provider>         ARN of the provider's credentials, e.g. SecretAppleMusic
CredentialsOf<Provider>  the last part of that ARN
DeadLetters<Provider>    URL of the provider's dead-letter queue
StreamDeadLetters        URL of the dead-letter queue of stream batches
ErasureQueue             URL of the queue of users to be erased
ErasureDeadLetters       URL of the dead-letter queue of erasures
PurgeQueue               URL of the queue of the pieces of an archive purge
PurgeDeadLetters         URL of its dead-letter queue
ScheduleDeadLetters      URL of the dead-letter queue of schedule ticks
Queue<Provider>          URL of the provider's crawl queue
Function<Name>           name of a function, e.g. FunctionCrawl
Api                      id of the HTTP API
ApiUrl                   its base URL on AWS (locally the emulator serves it by id)
EdgeUrl                  where CloudFront serves pages and API, on AWS only: with a domain,
                         https://*.<domain> with the tenant's name for the asterisk
EventBus<Tenant>         name of the tenant's event bus
ScheduleRule             name of the minute rule
ArchiveBucket            name of the bucket that holds the archive of plays
ExportBucket             name of the bucket that holds users' exports
ImportBucket             name of the bucket of uploaded histories
ImportQueue              URL of the queue of imports
ImportDeadLetters        URL of its dead-letter queue
AlarmTopic               ARN of the topic that every alarm notifies
=======================  ==========================================================
"""

import re

TOKEN_KEY = "TokenKey"  # noqa: S105 - the name of an output
STREAM_DEAD_LETTERS = "StreamDeadLetters"
ERASURE_QUEUE = "ErasureQueue"
ERASURE_DEAD_LETTERS = "ErasureDeadLetters"
PURGE_QUEUE = "PurgeQueue"
PURGE_DEAD_LETTERS = "PurgeDeadLetters"
SCHEDULE_DEAD_LETTERS = "ScheduleDeadLetters"
SCHEDULE_RULE = "ScheduleRule"
API = "Api"
API_URL = "ApiUrl"
EDGE_URL = "EdgeUrl"
ALARM_TOPIC = "AlarmTopic"
ARCHIVE_BUCKET = "ArchiveBucket"
EXPORT_BUCKET = "ExportBucket"
IMPORT_BUCKET = "ImportBucket"
IMPORT_QUEUE = "ImportQueue"
IMPORT_DEAD_LETTERS = "ImportDeadLetters"


def pascal(name: str) -> str:
    """apple_music -> AppleMusic."""
    return "".join(part.capitalize() for part in name.split("_"))


def snake(name: str) -> str:
    """TopLists -> top_lists."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def stateful_stack(stage: str) -> str:
    return f"TopK-{pascal(stage)}-Stateful"


def stateless_stack(stage: str) -> str:
    return f"TopK-{pascal(stage)}-Stateless"


def objectives_stack(stage: str) -> str:
    return f"TopK-{pascal(stage)}-Objectives"


def edge_stack(stage: str) -> str:
    return f"TopK-{pascal(stage)}-Edge"


def metrics_namespace(stage: str) -> str:
    """The CloudWatch namespace of the stage's own metrics; no alarm sees another stage's."""
    return f"TopK/{stage}"


def table(name: str) -> str:
    return f"Table{name}"


def secret(provider: str) -> str:
    return f"Secret{pascal(provider)}"


def secret_name(provider: str) -> str:
    return f"CredentialsOf{pascal(provider)}"


def queue(provider: str) -> str:
    return f"Queue{pascal(provider)}"


def dead_letters(provider: str) -> str:
    return f"DeadLetters{pascal(provider)}"


def function(name: str) -> str:
    return f"Function{pascal(name)}"


def app_secrets(stage: str) -> str:
    """What the names of the secrets of tenants' own apps begin with."""
    return f"topk/{stage}/apps/"


def app_secret(stage: str, provider: str, tenant: str) -> str:
    """The name of the secret with the credentials of a tenant's own app."""
    return f"{app_secrets(stage)}{provider}/{tenant}"


def event_bus(tenant: str) -> str:
    return f"EventBus{pascal(tenant)}"
