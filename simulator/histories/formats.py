"""All writers."""

from simulator.histories.apple import DAILY_TRACKS, PLAY_ACTIVITY
from simulator.histories.scrobblers import SCROBBLERS
from simulator.histories.spotify import ACCOUNT, EXTENDED
from simulator.histories.takeout import HTML, JSON
from simulator.histories.writer import Writer

WRITERS: tuple[Writer, ...] = (
    EXTENDED,
    ACCOUNT,
    JSON,
    HTML,
    PLAY_ACTIVITY,
    DAILY_TRACKS,
    *SCROBBLERS,
)
