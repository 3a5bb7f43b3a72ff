"""The key that wraps the data keys that seal users' tokens."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra_cdk.config import Deployment

OPEN, SEAL = "kms:Decrypt", "kms:GenerateDataKey"
# What operators and CloudFormation need. PutKeyPolicy can extend it, so that nobody is locked out:
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)


def token_key(scope: Construct, deployment: Deployment, removal: RemovalPolicy) -> kms.Key:
    """Delegates the above actions to the account's IAM policies.

    CDK's default key policy would allow all of `kms:*`.
    """
    account = iam.PolicyStatement(
        principals=[iam.AccountRootPrincipal()],
        actions=[*ADMINISTER, OPEN, SEAL],
        # In the policy of a key: this key.
        resources=["*"],
    )
    return kms.Key(
        scope,
        "TokenKey",
        description=f"TopK {deployment.name}: wraps the data keys that seal users' tokens",
        enable_key_rotation=True,
        policy=iam.PolicyDocument(statements=[account]),
        removal_policy=removal,
    )
