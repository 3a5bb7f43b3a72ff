"""`topk up`: start the local stack and leave it running."""

from rich.console import Console

from cli.choices import Name, Seed, Users
from cli.local_stack import STEPS, LocalStack
from cli.progress import shown
from cli.state import STACKS

DEFAULT_USERS = 60
DEFAULT_SEED = 7


def up(users: Users = DEFAULT_USERS, seed: Seed = DEFAULT_SEED, name: Name = "local") -> None:
    """Start the simulated world and the emulator, deploy the service, and leave them running."""
    console = Console()
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=STACKS / name, users=users, seed=seed, on_step=on_step)
    stack.detach()
    for tenant, url in stack.api_urls.items():
        console.print(f"API of {tenant}: {url}", soft_wrap=True)
        console.print(f"Host app of {tenant}: {stack.world_url}/host/{tenant}", soft_wrap=True)
    console.print(f"World: {stack.world_url}   Emulator: {stack.emulator_url}", soft_wrap=True)
