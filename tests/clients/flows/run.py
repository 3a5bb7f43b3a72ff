"""Runs one step of a client's flow: `python run.py spotipy_flow connect < order.json`.

The client is unmodified; only what surrounds it is the test's. Every TCP connection leads to the
simulator, whatever host the client has built in, and the process lives in the world's time:
sleeping moves its clock and takes no time. The order is JSON with `port` (of the simulator), `now`
(epoch seconds) and `given` (the step's arguments); the step's result is printed as JSON.
"""

import importlib
import json
import socket
import sys
import time


class WorldTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


def redirect(port: int) -> None:
    """Leads every connection to that port of this machine."""
    here = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))
    vars(socket)["getaddrinfo"] = lambda *_host, **_options: [here]


def main() -> None:
    module, step = sys.argv[1:]
    order = json.load(sys.stdin)
    redirect(order["port"])
    world = WorldTime(order["now"])
    vars(time).update(time=world.time, sleep=world.sleep)
    flow = importlib.import_module(module)
    json.dump(getattr(flow, step)(**order["given"]), sys.stdout)


if __name__ == "__main__":
    main()
