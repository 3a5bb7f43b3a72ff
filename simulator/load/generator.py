"""`python -m simulator.load.generator PLAN RESULTS`: sends a plan's requests from a
separate process, so that measuring does not affect the server.

Each request is sent at its intended start, even if earlier ones are unanswered, and its latency
counts from there: a stall of the server or of this process shows in every delayed request.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp

from simulator.load.results import Result

TIMEOUT_SECONDS = 30.0
HEAD_START_SECONDS = 0.5


async def send(plan: list[dict[str, Any]]) -> list[Result]:
    """Sends the plan, and returns the result of each request in order."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    connections = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connections) as http:
        begin = asyncio.get_running_loop().time() + HEAD_START_SECONDS
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_one(http, one, begin)) for one in plan]
    return [task.result() for task in tasks]


async def _one(http: aiohttp.ClientSession, planned: dict[str, Any], begin: float) -> Result:
    loop = asyncio.get_running_loop()
    intended = begin + planned["at"]
    await asyncio.sleep(max(0.0, intended - loop.time()))
    sent, call = loop.time(), planned["call"]
    try:
        async with http.request(
            call["method"],
            call["url"],
            json=call["body"],
            headers={"authorization": f"Bearer {call['token']}"},
        ) as answer:
            await answer.read()
            error = "" if answer.status < 300 else str(answer.status)
    except (aiohttp.ClientError, TimeoutError) as failure:
        error = type(failure).__name__
    return Result(
        kind=call["kind"],
        warms=planned["warms"],
        at=planned["at"],
        held_up=sent - intended,
        latency=loop.time() - intended,
        error=error,
    )


def main(plan: Path, results: Path) -> None:
    found = asyncio.run(send(json.loads(plan.read_text(encoding="utf-8"))))
    results.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
