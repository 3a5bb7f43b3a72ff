"""cfn-lint, AWS's linter of templates, on every stack."""

import json

import pytest
from cfnlint import ManualArgs
from cfnlint.api import lint

from infra_cdk import outputs
from tests.infra.quotas import regions
from tests.synthesis import synthesis

EXPLAINED = {"W3005": "CDK also declares dependencies that a reference already implies."}
STACKS = [
    name(stage)
    for stage in ("staging", "production")
    for name in (
        outputs.stateful_stack,
        outputs.stateless_stack,
        outputs.objectives_stack,
        outputs.edge_stack,
    )
]


def findings(template: object, region: str) -> list[str]:
    found = lint(json.dumps(template, indent=1), config=ManualArgs(regions=[region]))
    return [str(one) for one in found if one.rule.id not in EXPLAINED]


@pytest.mark.parametrize("stack", STACKS)
def test_a_template_has_no_findings_beyond_the_explained_ones(stack: str) -> None:
    assert findings(synthesis("aws").templates[stack], regions([stack])[stack]) == []


def test_a_property_that_does_not_exist_is_found() -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeouts": 30}}
    (found,) = findings({"Resources": {"Queue": queue}}, "eu-central-1")
    assert "VisibilityTimeouts" in found
