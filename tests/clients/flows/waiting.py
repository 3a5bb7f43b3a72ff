"""What the process of a flow has waited for."""

WAITS: list[float] = []
"""The seconds of each time that the client slept, none of which took any time."""
