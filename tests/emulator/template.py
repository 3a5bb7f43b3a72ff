"""The stack that the contract tests deploy: one of everything that a fix is about."""

import json
from typing import Any

from simulator.emulator.edge import API
from tests.emulator import handlers

Resource = dict[str, Any]
ORIGIN = "http://pages.example"
EXECUTE_API = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}"
RETRIES = 1
TIMEOUT = 300


def template(bucket: str, layer_key: str) -> str:
    """`layer_key` names a layer's archive in `bucket`."""
    resources: dict[str, Resource] = {
        "Expiring": _table(TimeToLiveSpecification={"AttributeName": "ends", "Enabled": True}),
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"SecretString": "fake-secret-1"},
        },
        "Layer": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {"Content": {"S3Bucket": bucket, "S3Key": layer_key}},
        },
        "Role": _role(),
        "ReadSecret": _function(handlers.READ_SECRET, SECRET={"Ref": "Secret"}),
        "Batched": _queue(),
        "SendBatch": _function(handlers.SEND_BATCH, QUEUE={"Ref": "Batched"}),
        "LookAround": _function(handlers.LOOK_AROUND),
        "NeverCalled": _function(handlers.ECHO),
        "Chatty": _function(handlers.CHATTY),
        "Measure": _function(handlers.MEASURE),
        "Layered": _function(handlers.LAYERED, layers=[{"Ref": "Layer"}]),
        **_api("Echo", handlers.ECHO),
        **_api("Crash", handlers.CRASH),
        **_api("Forbidden", handlers.ECHO),
        **_streamed("First"),
        **_streamed("Second"),
        **_scheduled(),
        **_queued(),
    }
    # The function of one API lacks the permission.
    del resources["ForbiddenPermission"]
    outputs = {
        name: {"Value": {"Ref": name}}
        for name, resource in resources.items()
        if resource["Type"].split("::")[1] in {"DynamoDB", "SQS", "ApiGatewayV2", "SecretsManager"}
        or resource["Type"] == "AWS::Lambda::Function"
    }
    return json.dumps({"Resources": resources, "Outputs": outputs})


def _role() -> Resource:
    statements = [
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": {"Ref": "Secret"},
        },
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "dynamodb:*"],
            "Resource": "*",
        },
    ]
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {
                    "PolicyName": "All",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
                }
            ],
        },
    }


def _function(source: str, layers: list[Any] | None = None, **environment: Any) -> Resource:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Code": {"ZipFile": source},
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": TIMEOUT,
            "Layers": layers or [],
            "Environment": {"Variables": environment},
        },
    }


def _table(**properties: Any) -> Resource:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            **properties,
        },
    }


def _queue(**properties: Any) -> Resource:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def _api(name: str, source: str) -> dict[str, Resource]:
    return {
        name: _function(source),
        f"{name}Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": name,
                "ProtocolType": "HTTP",
                "CorsConfiguration": {"AllowOrigins": [ORIGIN], "AllowMethods": ["GET"]},
                "Tags": {"ms-custom-id": API} if name == "Echo" else {},
            },
        },
        f"{name}Permission": _permission(
            name,
            "apigateway.amazonaws.com",
            {"Fn::Sub": f"{EXECUTE_API}:${{{name}Api}}/*/*/*"},
        ),
        f"{name}Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": f"{name}Api"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": [name, "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        f"{name}Route": _route(name, "GET /here"),
        f"{name}Slash": _route(name, "GET /here/{slash+}"),
        f"{name}Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {
                "ApiId": {"Ref": f"{name}Api"},
                "StageName": "$default",
            },
        },
    }


def _route(name: str, key: str) -> Resource:
    return {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": f"{name}Api"},
            "RouteKey": key,
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{name}Integration"}]]},
        },
    }


def _permission(function: str, service: str, source: Any) -> Resource:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": function},
            "Principal": service,
            "SourceArn": source,
        },
    }


def _streamed(name: str) -> dict[str, Resource]:
    """A table whose stream a function reads, a queue of what it saw and one of failures."""
    seen, release = {"Ref": f"{name}Seen"}, {"Ref": f"{name}Release"}
    return {
        f"{name}Table": _table(StreamSpecification={"StreamViewType": "KEYS_ONLY"}),
        f"{name}Seen": _queue(),
        f"{name}Release": _queue(),
        f"{name}Failures": _queue(),
        f"{name}Function": _function(handlers.STREAM, SEEN=seen, RELEASE=release),
        f"{name}Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": [f"{name}Table", "StreamArn"]},
                "FunctionName": {"Ref": f"{name}Function"},
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": 100,
                "BisectBatchOnFunctionError": True,
                "MaximumRetryAttempts": RETRIES,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]},
                "DestinationConfig": {
                    "OnFailure": {"Destination": {"Fn::GetAtt": [f"{name}Failures", "Arn"]}}
                },
            },
        },
    }


def _scheduled() -> dict[str, Resource]:
    return {
        "TickSeen": _queue(),
        "Tick": _function(handlers.FORWARD, SEEN={"Ref": "TickSeen"}),
        "TickPermission": _permission(
            "Tick", "events.amazonaws.com", {"Fn::GetAtt": ["EveryMinute", "Arn"]}
        ),
        "EveryMinute": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "ScheduleExpression": "rate(1 minute)",
                "Targets": [{"Id": "tick", "Arn": {"Fn::GetAtt": ["Tick", "Arn"]}}],
            },
        },
    }


def _queued() -> dict[str, Resource]:
    return {
        "Jobs": _queue(VisibilityTimeout=TIMEOUT),
        "JobsSeen": _queue(),
        "Work": _function(handlers.FORWARD, SEEN={"Ref": "JobsSeen"}),
        "JobsMapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Jobs", "Arn"]},
                "FunctionName": {"Ref": "Work"},
            },
        },
    }
