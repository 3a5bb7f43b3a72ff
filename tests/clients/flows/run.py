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
from unittest import mock

import time_machine
from waiting import WAITS


def redirect(port: int) -> None:
    """Leads every connection to that port of this machine, whether by name or by address."""
    here = ("127.0.0.1", port)
    found = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", here)
    connect = socket.socket.connect
    mock.patch.object(socket, "getaddrinfo", return_value=[found]).start()
    mock.patch.object(socket.socket, "connect", lambda self, _: connect(self, here)).start()


def main() -> None:
    module, step = sys.argv[1:]
    order = json.load(sys.stdin)
    redirect(order["port"])
    with time_machine.travel(order["now"], tick=False) as world:

        def sleep(seconds: float) -> None:
            WAITS.append(seconds)
            world.shift(seconds)

        mock.patch.object(time, "sleep", sleep).start()
        flow = importlib.import_module(module)
        json.dump(getattr(flow, step)(**order["given"]), sys.stdout)


if __name__ == "__main__":
    main()
