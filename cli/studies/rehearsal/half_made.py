"""The states in which a deployment can leave a stage, and its removal out of each."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cli.launch.removal import remove
from cli.launch.stage_account import StageAccount
from cli.studies.rehearsal.data import Kept, lost, put
from cli.studies.rehearsal.stage import Stage, Template, Templates
from infra_cdk import outputs
from infra_cdk.config import Deployment

TOO_LARGE = {"TOO_LARGE": "x" * 4096}
"""Variables that Lambda refuses."""


@dataclass(frozen=True, slots=True)
class Made:
    """A stage brought into a state, and the data in its stack of data, if it stands."""

    stage: Stage
    templates: Templates
    deployment: Deployment

    @property
    def stateful(self) -> str:
        return outputs.stateful_stack(self.deployment.name)

    @property
    def stateless(self) -> str:
        return outputs.stateless_stack(self.deployment.name)

    @property
    def edge(self) -> str:
        return outputs.edge_stack(self.deployment.name)

    def without(self, *stacks: str) -> dict[str, Template]:
        return {name: one for name, one in self.templates.items() if name not in stacks}

    def refused(self, *stacks: str) -> dict[str, Template]:
        """The templates, with a function in each of `stacks` that Lambda refuses."""
        copied: dict[str, Template] = json.loads(json.dumps(self.templates))
        for stack in stacks:
            *_, last = (
                one
                for one in copied[stack]["Resources"].values()
                if one["Type"] == "AWS::Lambda::Function"
            )
            last["Properties"]["Environment"] = {"Variables": TOO_LARGE}
        return copied


@dataclass(frozen=True, slots=True)
class State:
    """`make` brings an empty account into it: the stack whose name ends with `stack` then has
    `status`, which is empty where there is none."""

    name: str
    make: Callable[[Made], object]
    stack: str
    status: str

    def is_reached(self, stacks: Mapping[str, str]) -> bool:
        """Whether `stacks`, statuses by name, are those of this state."""
        found = [status for name, status in stacks.items() if name.endswith(f"-{self.stack}")]
        return found == ([self.status] if self.status else [])


@dataclass(frozen=True, slots=True)
class Removal:
    """`reached` is whether the stage was in the state, with its `stacks` in these statuses. `left`
    is what is there afterwards and should not be; `kept` counts what a protected stage keeps by its
    template, and `lost` is what of its data cannot be read any more."""

    state: str
    stacks: Mapping[str, str]
    reached: bool
    left: Sequence[str]
    kept: int
    lost: Sequence[str]
    said: Sequence[str]

    @property
    def holds(self) -> bool:
        return self.reached and not self.left and not self.lost


def _rolled_back(made: Made) -> None:
    made.stage.deploy(made.refused(made.stateless))


def _stopped(made: Made) -> None:
    made.stage.deploy(made.refused(made.stateless), OnFailure="DO_NOTHING")


def _data_alone(made: Made) -> None:
    made.stage.deploy({made.stateful: made.templates[made.stateful]})


def _proposed(made: Made) -> None:
    _data_alone(made)
    made.stage.propose(made.stateless, made.templates[made.stateless])


def _without_edge(made: Made) -> None:
    made.stage.deploy(made.without(made.edge))


def _whole(made: Made) -> None:
    """With objects in the buckets of the edge."""
    made.stage.deploy(made.templates)
    put(made.stage, made.edge)


def _edge_rolled_back(made: Made) -> None:
    made.stage.deploy(made.refused(made.edge))


def _deletion_failed(made: Made) -> None:
    """The edge deleted in the console, which cannot delete a bucket with objects."""
    _whole(made)
    made.stage.delete(made.edge)


def _data_deletion_failed(made: Made) -> None:
    """Of a stage without protection."""
    _data_alone(made)
    put(made.stage, made.stateful)
    made.stage.delete(made.stateful)


def _update_rolled_back(made: Made) -> None:
    made.stage.deploy(made.without(made.edge))
    made.stage.deploy(made.refused(made.stateless))


DATA_ALONE = State("only the data was deployed", _data_alone, "Stateless", "")
PROPOSED = State("a change set was never executed", _proposed, "Stateless", "REVIEW_IN_PROGRESS")
ROLLED_BACK = State(
    "the first deployment failed and was rolled back",
    _rolled_back,
    "Stateless",
    "ROLLBACK_COMPLETE",
)
STOPPED = State(
    "the first deployment failed and was not rolled back", _stopped, "Stateless", "CREATE_FAILED"
)
DELETION_FAILED = State(
    "a deletion failed at a bucket with objects", _deletion_failed, "Edge", "DELETE_FAILED"
)
DATA_DELETION_FAILED = State(
    "a deletion of the data failed", _data_deletion_failed, "Stateful", "DELETE_FAILED"
)
STATES = (
    DATA_ALONE,
    PROPOSED,
    ROLLED_BACK,
    STOPPED,
    State("the edge was never deployed", _without_edge, "Edge", ""),
    State("the edge failed and was rolled back", _edge_rolled_back, "Edge", "ROLLBACK_COMPLETE"),
    State(
        "an update failed and was rolled back",
        _update_rolled_back,
        "Stateless",
        "UPDATE_ROLLBACK_COMPLETE",
    ),
    State("all is deployed, with objects in every bucket", _whole, "Edge", "CREATE_COMPLETE"),
    DELETION_FAILED,
    DATA_DELETION_FAILED,
)
PROTECTED = (DATA_ALONE, ROLLED_BACK, DELETION_FAILED)
"""Those that are made with the protection of cdk.json too."""


def removed(made: Made, state: State, *, poll_seconds: float) -> Removal:
    """Bring an empty account into `state`, put data into it and remove it by `topk destroy`."""
    made.stage.account.reset()
    state.make(made)
    stage = made.stage
    said: list[str] = []
    stacks = stage.statuses()
    data: list[Kept] = put(stage, made.stateful) if made.stateful in stacks else []
    kept = _retained(made)
    remove(
        StageAccount(made.deployment, stage.account.client),
        say=said.append,
        poll_seconds=poll_seconds,
    )
    left = sorted(stage.account.contents())
    return Removal(
        state.name,
        stacks,
        state.is_reached(stacks),
        [one for one in left if one.partition(" ")[2] not in kept],
        sum(one.partition(" ")[2] in kept for one in left),
        lost(data) if made.deployment.stage.protected else [],
        said,
    )


def _retained(made: Made) -> set[str]:
    """Physical ids of what the templates keep beyond their stacks."""
    return {
        one.physical
        for stack, template in made.templates.items()
        for one in made.stage.resources(stack)
        if template["Resources"].get(one.logical, {}).get("DeletionPolicy") == "Retain"
    }
