"""The layers that functions share: our own package, and a set of dependencies per group."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra_cdk.functions.declared_layer import Files, written
from infra_cdk.functions.packages import installed
from infra_cdk.functions.platform import Platform

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".topk" / "layers"
GROUPS = ("data", "providers", "card", "archive")
NOT_CODE = ["**/tests", "**/__pycache__", "**/*.egg-info", "**/.*"]


class Layers(Construct):
    """`core` is layers/core; `dependencies` are by group, as requirements/<group>.txt pins them;
    `declared` has the declarations of cdk.json."""

    core: lambda_.LayerVersion
    declared: lambda_.LayerVersion
    dependencies: Mapping[str, lambda_.LayerVersion]

    def __init__(self, scope: Construct, platform: Platform, declared: Files) -> None:
        super().__init__(scope, "Layers")
        self.platform = platform
        self.core = self._layer("Core", ROOT / "layers" / "core")
        self.declared = self._layer("Declared", written(declared, CACHE))
        self.dependencies = {
            group: self._layer(group.capitalize(), self._packages(group)) for group in GROUPS
        }

    def _packages(self, group: str) -> Path:
        requirements = ROOT / "requirements" / f"{group}.txt"
        # CDK switches bundling off for commands that only read templates, such as `cdk list`.
        if not Stack.of(self).bundling_required:
            return requirements.parent
        return installed(requirements, self.platform.wheels, CACHE)

    def _layer(self, name: str, content: Path) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            name,
            code=content_of(content),
            compatible_runtimes=[self.platform.runtime],
            compatible_architectures=[self.platform.architecture],
        )


def content_of(folder: Path) -> lambda_.AssetCode:
    """`folder` without what an interpreter, an installation or a test leaves in it."""
    return lambda_.Code.from_asset(str(folder), exclude=NOT_CODE)
