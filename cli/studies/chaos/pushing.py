"""A partner whose server pushes its users' plays, some of them more than once."""

from dataclasses import dataclass, field

from cli.in_memory.api import Api
from cli.in_memory.world import WORLD_URL
from cli.studies.chaos.people import Account
from cli.studies.chaos.plan import HOUR
from simulator.listeners.dice import Dice
from simulator.listeners.plays import Play
from simulator.listeners.visible import scrobbled
from simulator.providers.partner import as_listen
from simulator.scheduler import Scheduler
from simulator.world import World

PROVIDER = "partner"
_REPEATS = 0.3
_AT_MOST = 50


@dataclass
class Pushing:
    """`secret` signs the requests. Plays that are refused or not answered are pushed again."""

    scheduler: Scheduler
    api: Api
    world: World
    secret: str
    dice: Dice
    end: float
    pushed: dict[str, dict[Play, bool]] = field(default_factory=dict)
    """Account -> each pushed play, and whether the service confirmed it."""

    def follow(self, account: Account) -> None:
        """Pushes the account's listens every few hours.

        Not if its user will disconnect: no poll would know the plays pushed before that.
        """
        if account.provider == PROVIDER and not account.leaves:
            self.pushed[account.name] = {}
            self.scheduler.spawn(lambda: self._push(account))

    def _push(self, account: Account) -> None:
        through = self.scheduler.now
        while self.scheduler.now < self.end:
            self.scheduler.pause(self.dice.between(HOUR, 5 * HOUR))
            now = self.scheduler.now
            plays = scrobbled(self.world.plays_of(PROVIDER, account.name), PROVIDER, now)
            new = [play for play in plays if play.known_at > through][:_AT_MOST]
            if not account.wanted or not new:
                through = now if not new else through
                continue
            songs = self.world.songs
            listens = [
                {**as_listen(WORLD_URL, songs[play.song], play), "user_id": account.name}
                for play in new
            ]
            before = self.pushed[account.name]
            before |= {play: before.get(play, False) for play in new}
            taken = self.api.push(PROVIDER, listens, self.secret)
            before |= {play: before[play] or taken for play in new}
            if taken and not self.dice.chance(_REPEATS):
                through = max(play.known_at for play in new)
