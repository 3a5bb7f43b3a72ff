"""The flags of a stage in AppConfig."""

import json
from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_appconfig as appconfig
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra_cdk.functions.function import Function

ACTIONS = ("appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration")


class Flags(Construct):
    """One configuration, as cdk.json declares it. Changing a flag deploys a new version."""

    address: str
    """Value of the functions' FLAGS variable."""

    def __init__(self, scope: Construct, stage: str, flags: Mapping[str, bool]) -> None:
        super().__init__(scope, "Flags")
        application = appconfig.Application(self, "Application", application_name=f"topk-{stage}")
        place = appconfig.Environment(
            self, "Environment", application=application, environment_name=stage
        )
        declared = {name: {"default": on} for name, on in flags.items()}
        content = appconfig.ConfigurationContent.from_inline_json(json.dumps(declared))
        # All at once: functions read a change within 5 minutes anyway.
        strategy = appconfig.DeploymentStrategy(
            self, "AtOnce", rollout_strategy=appconfig.RolloutStrategy.ALL_AT_ONCE
        )
        configuration = appconfig.HostedConfiguration(
            self,
            "Configuration",
            application=application,
            content=content,
            deploy_to=[place],
            deployment_strategy=strategy,
        )
        ids = application.application_id, place.environment_id
        profile = configuration.configuration_profile_id
        self.address = f"appconfig://{'/'.join((*ids, profile))}"
        self._resource = Stack.of(self).format_arn(
            service="appconfig",
            resource="application",
            resource_name=f"{ids[0]}/environment/{ids[1]}/configuration/{profile}",
        )

    def tell(self, function: Function) -> None:
        """Grants `function` reading the flags and nothing else of AppConfig."""
        function.add_environment("FLAGS", self.address)
        function.add_to_role_policy(
            iam.PolicyStatement(actions=list(ACTIONS), resources=[self._resource])
        )
