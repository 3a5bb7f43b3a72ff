"""The lines of a log that say why a process failed."""

import re
from pathlib import Path

LINES = 6
WIDTH = 300
TAIL_BYTES = 64_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOISE = re.compile(
    r"""\s*(?:
        at\s.+                       # a frame of a JavaScript stack
      | File\s".+",\sline\s\d+.*     # a frame of a Python traceback
      | (?:b'|\()?[!~^*=_\-\s]+(?:\\n')?  # rulers and underlines
      | b'!!.*                       # jsii's box about the release of Node
      | \S+\s+\|\s+[\d/]+\s+\|.*(?:IN_PROGRESS|COMPLETE)\s.*  # the CDK's list of resources
      | Traceback\s\(most\srecent\scall\slast\):
      | (?:The\sabove\sexception\swas|During\shandling\sof\sthe\sabove)\s.*
      | \(Use\s`node\s--trace.*
    )?""",
    re.VERBOSE,
)
_FRAME = re.compile(r'\s*File ".+", line \d+')


def reasons(log: Path) -> list[str]:
    """At most LINES lines from the end of `log`, of at most WIDTH characters each.

    Stack frames, rulers and progress are left out. Empty where there is nothing to read.
    """
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return _telling([line[:WIDTH] for line in _COLOUR.sub("", text).splitlines()])[-LINES:]


def _telling(lines: list[str]) -> list[str]:
    found = []
    in_frame = False
    for line in lines:
        # The source that a Python traceback quotes is indented deeper than its frame.
        quoted = in_frame and line.startswith("    ")
        in_frame = quoted or bool(_FRAME.match(line))
        if not quoted and not _NOISE.fullmatch(line):
            found.append(line.rstrip())
    return found
