"""Who may do what: every statement of every function, and nothing with a wildcard of our own."""

from typing import Any

import pytest

from tests.infra.templates import functions, pointed_at, properties, stateful, stateless
from tests.synthesis import Target

READ = frozenset({"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"})
APPEND = frozenset({"dynamodb:BatchWriteItem", "dynamodb:PutItem"})
READ_WRITE = READ | APPEND | {"dynamodb:DeleteItem", "dynamodb:UpdateItem"}
REPLACE = READ | APPEND
NOTE = frozenset({"dynamodb:GetItem", "dynamodb:UpdateItem"})
ERASE = frozenset({"dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:Query"})
WITHDRAW = READ | {"dynamodb:DeleteItem", "dynamodb:UpdateItem"}
TAKE = frozenset({"sqs:DeleteMessage", "sqs:ReceiveMessage"})
QUERY = frozenset({"dynamodb:Query"})
SEND = frozenset({"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"})
CONSUME = frozenset(
    {
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    }
)
STREAM = frozenset({"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"})
SEAL = frozenset({"kms:Decrypt", "kms:GenerateDataKey"})
GET_SECRET = frozenset({"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"})
LOG = frozenset({"logs:CreateLogStream", "logs:PutLogEvents"})
TRACE = frozenset({"xray:PutTelemetryRecords", "xray:PutTraceSegments"})

PROVIDERS = ("Spotify", "AppleMusic", "Youtube", "Lastfm", "Listenbrainz", "Partner")
QUEUES = tuple(f"Queue{name}" for name in PROVIDERS)
CRAWL_QUEUES = dict.fromkeys(QUEUES, SEND)
DEAD_LETTERS = {f"DeadLetters{name}": SEND for name in PROVIDERS}
SECRETS = {f"Secret{name}": GET_SECRET for name in PROVIDERS}

ALLOWED: dict[str, dict[str, frozenset[str]]] = {
    "connect": {
        "Connections": READ_WRITE,
        "Timetable": READ_WRITE,
        "Handshakes": READ_WRITE,
        "Profiles": READ_WRITE,
        "DataKeys": READ_WRITE,
        "ProviderUsers": READ_WRITE,
        "Plays": REPLACE,
        "TopLists": READ_WRITE,
        "TokenKey": SEAL,
        "LogsConnect": LOG,
        "*": TRACE,
        **CRAWL_QUEUES,
        **SECRETS,
    },
    "dispatch": {
        "Timetable": READ_WRITE,
        "ScheduleScheduleDeadLetters": SEND,
        "LogsDispatch": LOG,
        "*": TRACE,
        **CRAWL_QUEUES,
    },
    "crawl": {
        "Connections": READ_WRITE,
        "Timetable": APPEND,
        "Plays": APPEND,
        "DataKeys": READ_WRITE,
        "ProviderBudgets": READ_WRITE,
        "TokenKey": SEAL,
        "LogsCrawl": LOG,
        "*": TRACE,
        **dict.fromkeys(QUEUES, SEND | CONSUME),
        **DEAD_LETTERS,
        **SECRETS,
    },
    "ingest": {
        "ProviderUsers": READ,
        "Connections": READ,
        "Plays": APPEND,
        "SecretPartner": GET_SECRET,
        "LogsIngest": LOG,
        "*": TRACE,
    },
    "aggregate": {
        "Plays": REPLACE,
        "Plays.stream": STREAM,
        "TopLists": READ_WRITE,
        "Profiles": READ,
        "Connections": READ,
        "StreamDeadLetters": SEND,
        "LogsAggregate": LOG,
        "*": TRACE | {"dynamodb:ListStreams"},
    },
    "read": {
        "TopLists": READ_WRITE,
        "Profiles": READ,
        "Follows": READ,
        "Blocks": READ,
        "Plays": READ,
        "Connections": READ | {"dynamodb:UpdateItem"},
        "LogsRead": LOG,
        "*": TRACE,
        **CRAWL_QUEUES,
    },
    "account": {
        "Profiles": READ_WRITE,
        "Follows": READ_WRITE,
        "Blocks": READ_WRITE,
        "TopLists": READ_WRITE,
        "Plays": READ,
        "Connections": READ,
        "LogsAccount": LOG,
        "*": TRACE,
    },
    "card": {
        "TopLists": READ_WRITE,
        "Profiles": READ,
        "Plays": READ,
        "Connections": READ,
        "LogsCard": LOG,
        "*": TRACE,
    },
    "privacy": {
        "Profiles": NOTE,
        "Plays": REPLACE,
        "TopLists": READ_WRITE,
        "Connections": READ,
        "Erasures": NOTE,
        "ErasureQueue": SEND,
        "LogsPrivacy": LOG,
        "*": TRACE,
    },
    "export": {
        "Profiles": NOTE,
        "Connections": READ,
        "ProviderUsers": READ,
        "Timetable": READ,
        "Handshakes": READ,
        "Handshakes/index/by_owner": QUERY,
        "TopLists": READ,
        "Plays": READ,
        "Follows": READ,
        "Follows/index/by_other": QUERY,
        "Blocks": READ,
        "Exports/exports/*": frozenset({"s3:GetObject", "s3:PutObject"}),
        "LogsExport": LOG,
        "*": TRACE,
    },
    "erase": {
        "Connections": WITHDRAW,
        "Timetable": ERASE,
        "ProviderUsers": WITHDRAW,
        "Handshakes": ERASE,
        "Handshakes/index/by_owner": QUERY,
        "Plays": ERASE,
        "TopLists": ERASE,
        "Follows": ERASE,
        "Follows/index/by_other": QUERY,
        "Blocks": ERASE,
        "Blocks/index/by_other": QUERY,
        "Profiles": WITHDRAW,
        "DataKeys": READ,
        "Erasures": NOTE,
        "ErasureQueue": SEND | CONSUME,
        "TokenKey": SEAL,
        "LogsErase": LOG,
        "*": TRACE,
        **dict.fromkeys(DEAD_LETTERS, TAKE),
        "StreamDeadLetters": TAKE,
        "ErasureDeadLetters": TAKE,
        "Exports": frozenset({"s3:ListBucket"}),
        "Exports/exports/*": frozenset({"s3:DeleteObject"}),
        "Archive/erased/*": frozenset({"s3:PutObject"}),
        **SECRETS,
    },
}


# Flags are AppConfig's on AWS, and a file of the function's own on the local stage.
FLAGS = frozenset({"appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"})
WITH_FLAGS = ("aggregate",)


@pytest.mark.parametrize("target", ["local", "aws"])
@pytest.mark.parametrize("name", ALLOWED)
def test_a_function_may_do_this_and_no_more(target: Target, name: str) -> None:
    allowed = _allowed(target, name)
    flags = [actions for of, actions in allowed.items() if of.startswith("arn:aws:appconfig:")]
    assert flags == ([FLAGS] if target == "aws" and name in WITH_FLAGS else [])
    others = {of: may for of, may in allowed.items() if not of.startswith("arn:aws:appconfig:")}
    assert others == ALLOWED[name]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_function_is_told_the_tables_it_may_use_and_no_others(name: str) -> None:
    told = {
        _pascal(variable.removesuffix("_TABLE")): pointed_at(value)
        for variable, value in _variables("aws", name).items()
        if variable.endswith("_TABLE")
    }
    may_use = {
        resource
        for resource, actions in ALLOWED[name].items()
        if actions & READ_WRITE and not resource.endswith(".stream") and "/" not in resource
    }
    assert told == {table: table for table in may_use}


def test_roles_belong_to_lambda_and_take_no_managed_policy() -> None:
    # CDK's own function hands the APIs' domains on to the edge in the other region; CodeDeploy
    # shifts the canaries' traffic.
    not_ours = ("CustomCrossRegionExportWriter", "Canary")
    roles = {
        name: role
        for name, role in properties(stateless("aws"), "IAM::Role").items()
        if not name.startswith(not_ours)
    }
    assert len(roles) == len(ALLOWED)
    for name, role in roles.items():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}, name
        assert "ManagedPolicyArns" not in role, name


def test_alarms_may_reach_people_and_only_over_tls() -> None:
    (policy,) = properties(stateless("aws"), "SNS::TopicPolicy").values()
    statements = {one["Effect"]: one for one in policy["PolicyDocument"]["Statement"]}
    assert statements["Allow"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statements["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_queues_on_aws_refuse_plain_text_and_are_encrypted() -> None:
    for template in (stateful("aws"), stateless("aws")):
        queues = properties(template, "SQS::Queue")
        policies = properties(template, "SQS::QueuePolicy").values()
        denied = {
            pointed_at(queue)
            for policy in policies
            for queue in policy["Queues"]
            if any(one["Effect"] == "Deny" for one in policy["PolicyDocument"]["Statement"])
        }
        assert denied == {name[:-8] for name in queues}
        assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def _allowed(target: Target, name: str) -> dict[str, frozenset[str]]:
    role = pointed_at(functions(target)[name]["Role"])
    found: dict[str, frozenset[str]] = {}
    for policy in properties(stateless(target), "IAM::Policy").values():
        if [pointed_at(one) for one in policy["Roles"]] != [role]:
            continue
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for resource in _listed(statement["Resource"]):
                actions = frozenset(_listed(statement["Action"]))
                known = found.get(pointed_at(resource), frozenset())
                found[pointed_at(resource)] = known | actions
    return found


def _variables(target: Target, name: str) -> dict[str, Any]:
    variables: dict[str, Any] = functions(target)[name]["Environment"]["Variables"]
    return variables


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
