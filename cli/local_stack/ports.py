"""Ports of this machine."""

import contextlib
import socket

from cli.failure import CommandFailedError

HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """`count` different ports on 127.0.0.1 that were free a moment ago.

    Another process may take one before it is used.
    """
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1."""
    with socket.socket() as one:
        # As servers do: what a server that has ended left behind is no obstacle.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


def require_free(port: int) -> None:
    """Raises CommandFailedError if `port` is in use."""
    if not is_free(port):
        raise CommandFailedError(f"port {port} is in use; choose other ports with --port")
