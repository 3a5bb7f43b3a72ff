"""cdk-nag's AwsSolutions rules, on every synthesis for AWS."""

import re

from tests.synthesis import synthesis

BASIC_ROLE = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
COPYING = (
    "AwsSolutions-IAM5[Action::s3:",
    "AwsSolutions-IAM5[Resource::<Site",
    "AwsSolutions-IAM5[Resource::arn:aws:s3:::cdk-",
)
FOLDERS = re.compile(
    r"AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:s3:::\{[^}]*-Stateful[^}]*\}\}/(\w+)/\*\]"
)
OF_SECRETS = "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:"
ACCEPTED = {
    "AwsSolutions-APIG4",
    "AwsSolutions-CFR1",
    "AwsSolutions-CFR3",
    "AwsSolutions-CFR4",
    f"AwsSolutions-IAM4[Policy::{BASIC_ROLE}]",
    "AwsSolutions-S1",
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
    "AWSCodeDeployRoleForLambdaLimited]",
    "AwsSolutions-IAM5[Resource::*]",
    *(
        f"AwsSolutions-IAM5[Resource::{OF_SECRETS}topk/{stage}/apps/*]"
        for stage in ("staging", "production")
    ),
    "AwsSolutions-L1",
    "AwsSolutions-SMG4",
    "AwsSolutions-SQS3",
}


def test_there_are_no_findings_beyond_the_accepted_ones() -> None:
    assert synthesis("aws").findings == []


def test_the_accepted_findings_are_these_and_each_has_a_reason() -> None:
    # cdk-nag writes these into the templates, so their presence shows that it ran.
    accepted = [
        rule
        for template in synthesis("aws").templates.values()
        for resource in template["Resources"].values()
        for rule in resource.get("Metadata", {}).get("cdk_nag", {}).get("rules_to_suppress", [])
        if rule["id"].startswith("AwsSolutions")
    ]
    ids = {rule["id"] for rule in accepted if not _of_copying(rule["id"])}
    folders = {name: found[1] for name in ids if (found := FOLDERS.fullmatch(name))}
    assert set(folders.values()) == {
        "exports",
        "imports",
        "deleted",
        "erased",
        "plays",
        "purging",
    }, "the folders of buckets that functions may use"
    assert ids - folders.keys() == ACCEPTED
    assert all(len(rule["reason"]) > len("because") for rule in accepted)


def _of_copying(rule: str) -> bool:
    """Permissions of CDK's function that uploads the site: all of two buckets, nothing else."""
    return rule.startswith(COPYING)
