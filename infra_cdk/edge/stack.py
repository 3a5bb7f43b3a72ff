"""The edge on AWS: one distribution for all tenants, behind a firewall."""

from typing import cast

import aws_cdk as cdk
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import EDGE_REGION, Deployment
from infra_cdk.edge.budget import monthly_budget
from infra_cdk.edge.distribution import Distribution, Headers
from infra_cdk.edge.domain import DomainNames
from infra_cdk.edge.firewall import Firewall
from infra_cdk.edge.site import Site
from infra_cdk.nag import accept
from infra_cdk.stack_outputs import say_where

STAGING_BUCKET = "cdk-hnb659fds-assets"
BASIC_ROLE = "service-role/AWSLambdaBasicExecutionRole"
COPYING = ("Abort*", "DeleteObject*", "GetBucket*", "GetObject*", "List*")


class Edge(cdk.Stack):
    """`api` is the domain of the API, and `uploads` that of the bucket of uploaded histories. Both
    may be in another region.
    """

    def __init__(self, scope: Construct, deployment: Deployment, *, api: str, uploads: str) -> None:
        super().__init__(
            scope,
            outputs.edge_stack(deployment.name),
            description=f"TopK {deployment.name}: the edge",
            tags=deployment.tags,
            env=cdk.Environment(region=EDGE_REGION),
            termination_protection=deployment.stage.protected,
        )
        site = Site(self, deployment.stage)
        firewall = Firewall(self, deployment)
        headers = Headers(self, uploads=uploads)
        domain = deployment.stage.domain
        names = DomainNames(self, domain) if domain else None
        made = Distribution(
            self,
            site=site,
            api=api,
            headers=headers,
            firewall=firewall.arn,
            deployment=deployment,
            names=names,
        )
        site.publish()
        monthly_budget(self, deployment)
        self._accept_copying(site)
        say_where(self, {outputs.EDGE_URL: made.url})

    def _accept_copying(self, site: Site) -> None:
        """CDK's own function copies the files, with a role that CDK defines."""
        files = self.get_logical_id(cast(cdk.CfnElement, site.files.node.default_child))
        assets = f"arn:aws:s3:::{STAGING_BUCKET}-<AWS::AccountId>-{EDGE_REGION}/*"
        found = [
            f"IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{BASIC_ROLE}]",
            *(f"IAM5[Action::s3:{one}]" for one in COPYING),
            *(f"IAM5[Resource::{one}]" for one in (assets, f"<{files}.Arn>/*")),
        ]
        # CDK chooses its runtime.
        for rule in ("L1", *found):
            accept(self, f"AwsSolutions-{rule}", "CDK's function copies all files of the site.")
