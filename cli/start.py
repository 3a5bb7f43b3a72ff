"""Starts `topk`.

The commands' modules take a moment to load; Ctrl-C during it ends the command like any later one.
"""

import sys


def run() -> None:
    """Runs the command line. Exit code 130 if it is interrupted while it loads."""
    try:
        from cli.main import app
    except KeyboardInterrupt:
        sys.stderr.write("topk: interrupted\n")
        sys.exit(130)
    app(prog_name="topk")


if __name__ == "__main__":
    run()
