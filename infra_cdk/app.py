"""The CDK app: stacks of a stage's data, replaceable resources, alarms on objectives, and edge."""

import sys
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra_cdk.config import ConfigurationError, Deployment, deployments
from infra_cdk.edge.stack import Edge
from infra_cdk.monitoring.objectives import Objectives
from infra_cdk.stateful import Stateful
from infra_cdk.stateless import Stateless


def build(context: Mapping[str, Any], outdir: str | None = None) -> cdk.App:
    """The app for `context`, not yet synthesised. Raises ConfigurationError if it is invalid."""
    wanted = deployments(context)
    local = any(deployment.local for deployment in wanted)
    app = cdk.App(
        context=context,
        outdir=outdir,
        # CloudFormation itself never sees the local templates: checking them costs 2 s a synth.
        builtin_cloud_formation_validation=not local,
    )
    for deployment in wanted:
        _stage(app, deployment)
    if not local:
        cdk.Validations.of(app).add_plugins(
            AwsSolutionsChecks(app, write_suppressions_to_cloud_formation=True)
        )
    return app


def _stage(app: cdk.App, deployment: Deployment) -> None:
    # The emulator has no roles of a bootstrap stack to assume.
    def synthesizer() -> cdk.IStackSynthesizer | None:
        return cdk.CliCredentialsStackSynthesizer() if deployment.local else None

    state = Stateful(app, deployment, synthesizer=synthesizer())
    service = Stateless(app, deployment, state, synthesizer=synthesizer())
    if not deployment.local:
        uploads = state.uploads.bucket_regional_domain_name
        edge = Edge(app, deployment, api=service.api_domain, uploads=uploads)
        Objectives(app, deployment, topic=service.alarm_topic, api=service.api)
        # The API accepts a new secret before the edge sends it.
        edge.add_stack_dependency(service)


def main() -> None:
    context = cdk.App(auto_synth=False).node.get_all_context()
    try:
        app = build(context)
    except ConfigurationError as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
