"""A stage is removed out of every half-made state, and protected data stays."""

import pytest

from cli.failure import CommandFailedError
from cli.launch.removal import remove
from cli.launch.stage_account import StageAccount, stage_account
from infra_cdk.config import EDGE_REGION
from tests.cli.launch.aws_account import BUCKET, REGION, Account, Resource, Stack, refused

EDGE, OBJECTIVES, STATELESS, STATEFUL = (
    f"TopK-Staging-{name}" for name in ("Edge", "Objectives", "Stateless", "Stateful")
)


def _removed(aws: Account) -> list[str]:
    said: list[str] = []
    remove(StageAccount(stage_account("staging").deployment, aws.client), say=said.append)
    return said


def _left(aws: Account) -> list[str]:
    return [name for stacks in aws.stacks.values() for name in stacks]


def test_a_whole_stage_is_removed_from_both_regions() -> None:
    aws = Account(
        stacks={
            EDGE_REGION: {EDGE: Stack(resources={"Files": Resource(BUCKET)})},
            REGION: {OBJECTIVES: Stack(), STATELESS: Stack(), STATEFUL: Stack()},
        },
        objects={"files": ["index.html"]},
    )
    assert _removed(aws) == [f"{name} deleted" for name in (EDGE, OBJECTIVES, STATELESS, STATEFUL)]
    assert (_left(aws), aws.objects) == ([], {"files": []})


def test_a_missing_edge_does_not_stop_the_removal() -> None:
    aws = Account(stacks={REGION: {STATELESS: Stack(), STATEFUL: Stack()}})
    assert _removed(aws)[0] == f"{EDGE} does not exist"
    assert _left(aws) == []


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "REVIEW_IN_PROGRESS"])
def test_a_protected_stack_of_a_failed_first_deployment_is_removed(status: str) -> None:
    aws = Account(stacks={REGION: {STATEFUL: Stack(status, protected=True)}})
    _removed(aws)
    assert _left(aws) == []


def test_a_stack_whose_deletion_failed_lets_go_of_what_cannot_be_deleted() -> None:
    stuck = Resource("AWS::Lambda::Function", stuck=True, status="DELETE_FAILED")
    aws = Account(stacks={REGION: {STATELESS: Stack("DELETE_FAILED", resources={"Crawl": stuck})}})
    assert _removed(aws)[2] == f"{STATELESS} deleted; delete by hand in {REGION}: crawl"
    assert _left(aws) == []


def test_a_deletion_that_failed_on_a_full_bucket_leaves_nothing_behind() -> None:
    full = Resource(BUCKET, status="DELETE_FAILED")
    aws = Account(
        stacks={EDGE_REGION: {EDGE: Stack("DELETE_FAILED", resources={"Files": full})}},
        objects={"files": ["index.html"]},
    )
    assert _removed(aws)[0] == f"{EDGE} deleted"
    assert _left(aws) == []


def test_a_bucket_that_fills_while_it_is_deleted_is_emptied_once_more() -> None:
    """CloudFront delivers logs until its distribution is gone."""
    filling = Resource(BUCKET, deliveries=1)
    aws = Account(
        stacks={EDGE_REGION: {EDGE: Stack(resources={"Logs": filling})}},
        objects={"logs": ["files/1"]},
    )
    assert _removed(aws)[0] == f"{EDGE} deleted"
    assert (_left(aws), aws.objects) == ([], {"logs": []})


def test_a_deletion_that_fails_is_repeated_without_what_failed() -> None:
    stuck = Resource("AWS::WAFv2::WebACL", stuck=True)
    aws = Account(stacks={EDGE_REGION: {EDGE: Stack(resources={"Acl": stuck})}})
    assert _removed(aws)[0] == f"{EDGE} deleted; delete by hand in {EDGE_REGION}: acl"
    assert _left(aws) == []


def test_a_retained_bucket_keeps_its_objects() -> None:
    archive = Resource(BUCKET, retained=True)
    aws = Account(
        stacks={REGION: {STATEFUL: Stack(resources={"Archive": archive})}},
        objects={"archive": ["plays/1.parquet"]},
    )
    _removed(aws)
    assert (_left(aws), aws.objects) == ([], {"archive": ["plays/1.parquet"]})


def test_a_stack_that_is_being_changed_is_left_alone() -> None:
    aws = Account(stacks={REGION: {STATELESS: Stack("UPDATE_IN_PROGRESS")}})
    with pytest.raises(CommandFailedError, match="is UPDATE_IN_PROGRESS"):
        _removed(aws)
    assert _left(aws) == [STATELESS]


def test_what_aws_refuses_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Account()

    def denied(*_: str) -> None:
        raise refused("AccessDenied", "not authorized to perform cloudformation:DescribeStacks")

    monkeypatch.setattr(aws, "client", denied)
    with pytest.raises(CommandFailedError, match=r"TopK-Staging-Edge: .*DescribeStacks"):
        _removed(aws)
