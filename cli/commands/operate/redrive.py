"""`topk redrive`: move dead letters back to their queue."""

from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.choices import RunningName
from cli.failure import CommandFailedError
from cli.operated import Operated, StageName, Yes, agreed, operated
from cli.progress import counted
from cli.recovery.moving import begin_own_task, count, move
from infra_cdk import outputs

INSTEAD = {
    "stream": "the stream's dead letters contain no message to repeat; run `topk rebuild`",
    "schedule": "a minute needs no redrive: the next tick catches up with what it left",
}


def redrive(
    queue: Annotated[str, typer.Argument(help="Provider whose dead letters to move.")],
    stage: StageName = None,
    yes: Yes = False,
    name: RunningName = None,
) -> None:
    """Move a provider's dead letters back to its crawl queue. Can be repeated."""
    place = operated(stage=stage, name=name)
    source, target = _queues(place, queue)
    try:
        _redrive(place, queue, source, target, yes=yes)
    except (BotoCoreError, ClientError) as error:
        raise CommandFailedError(f"the queue is unavailable: {error}") from error


def _redrive(place: Operated, queue: str, source: str, target: str, *, yes: bool) -> None:
    sqs = place.client("sqs")
    waiting = count(sqs, source)
    if not waiting:
        typer.echo(f"no dead letters of {queue} in {place.name}")
        return
    agreed(f"Move about {waiting} dead letters of {queue} in {place.name} to its queue", yes=yes)
    if begin_own_task(sqs, source, target):
        typer.echo("SQS is moving them; `aws sqs list-message-move-tasks` shows the progress")
        return
    with counted("dead letters", waiting) as moved:
        done = move(sqs, source, target, moved=moved)
    typer.echo(f"moved {done} dead letters of {queue}")


def _queues(place: Operated, queue: str) -> tuple[str, str]:
    """URLs of the dead-letter queue and the queue. Raises BadParameter if they do not exist."""
    if queue in INSTEAD:
        raise typer.BadParameter(INSTEAD[queue])
    source = place.outputs.get(outputs.dead_letters(queue))
    target = place.outputs.get(outputs.queue(queue))
    if source is None or target is None:
        known = sorted(
            outputs.snake(one.removeprefix("Queue"))
            for one in place.outputs
            if one.startswith("Queue")
        )
        raise typer.BadParameter(
            f"no queue {queue!r} in {place.name}; there are {', '.join(known)}"
        )
    return source, target
