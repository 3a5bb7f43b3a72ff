"""The habits of real music providers, each with a number, a typical rate and its effect.

The numbers are those of the design's list of habits. A rate is the share of the plays, requests,
times or accounts that a habit affects. "Lost" plays can never be learned by polling.
"""

from enum import Enum


class Habit(Enum):
    """Value: the number (or word) that names the habit, its rate, and what it does.

    Spotify
    -------
    RING             the history keeps 50 entries; what a burst pushes out is lost. If off, the
                     history is unlimited.
    EXHAUSTED        an exhausted page has null cursors. Nothing is lost.
    CUT_CURSOR       accounts whose `after` cursor is cut to the second: following it re-delivers
                     the last play. Nothing is lost.
    EMPTY_NEXT       a full page whose `next` leads to an empty one. Nothing is lost.
    START_STAMP      plays stamped with their start; only if both readings give the same day and
                     no replay is near. Nothing is lost.
    AGAIN            plays reported a second time, seconds later. An entry of the ring is wasted.
    LATE             plays that arrive 2 to 40 hours after their end, at their own place in the
                     history; lost if there are fifty newer ones by then.
    OMISSION         plays that are never shown: lost.
    NO_TRACK         plays reported as a local file (title and artists, no id), and entries with a
                     null track, which are no plays and waste an entry of the ring.
    OTHER_ID         plays reported under another track id of the same ISRC. Nothing is lost.
    NO_ISRC          plays reported without ISRC. Nothing is lost.
    ROTATION         accounts whose refresh tokens work once: of two parallel refreshes one fails.
    SIX_MONTHS       accounts whose refresh token dies 182 days after consent.
    TOO_MANY         requests answered 429 in one of three bodies, now and then for 20 hours.
    UNREGISTERED     accounts whose history is refused, always, with a 403 in plain text: lost.
    OUTAGE           requests answered 502, 504 or, on a later page, 401 with the access token dead;
                     accounts that deny their first consent.
    Apple Music
    -----------
    BUMP             plays that move a listed song to the top. Those that do not cannot be seen.
    STALE            times at which the list is up to 12 hours old, possibly older than one already
                     read. Missing plays appear in a later reading.
    SHORT_PAGE       pages two entries short; entries without attributes, which are no plays and
                     waste an entry of the list.
    USER_TOKEN       accounts whose user token dies without notice, 5 to 20 days after consent.
    YouTube
    -------
    TESTING          accounts whose refresh token dies 7 days after consent.
    EXPORT           exports that take longer; accounts that consent for 30 days only.
    TOO_SOON         days on which an account's export is refused until some hour of the day.
    LOST_START       exports that begin although the answer is lost: the next start is refused, with
                     the job that runs.
    ONE_TIME         accounts that consent to a single export; later plays are lost.
    LANGUAGE         accounts whose activity is worded in another of 40 languages. Nothing is lost.
    Last.fm and ListenBrainz
    ------------------------
    SCROBBLING       times with a `nowplaying` entry and pages that shift by one while they are
                     read; error 8 with 500 or 400. Nothing is lost.
    CACHE            times at which an answer is half an hour old; 429 with rate-limit headers.
                     Missing plays appear in a later reading.
    Any
    ---
    SLOW, RESET, BROKEN, ERROR_BODY
                     requests answered after many seconds; not at all; with half a body or HTML;
                     with 200 and an error.
    ODD              Spotify plays with odd fields: floats for integers, an object or null for the
                     duration of a local file, an artist without a name, no cover. Nothing is lost.
    NO_USER          requests answered as if there were no such user, or as if the user was not
                     registered or had withdrawn consent. It passes.
    HALF_EMOJI       plays followed by an entry that ends in half of a surrogate pair, or has no
                     name: it is no play. Not at Apple Music.
    UNREADABLE       plays followed by more such entries than a page holds, at scrobblers and a
                     partner. Nothing is lost.
    FUTURE           entries with a date in 2099, for six hours after a play: they are no plays.

    Listeners
    ---------
    PAUSE            plays that are paused in the middle, for 5 seconds to an hour. The start
                     that follows from an end and the duration is wrong.
    SKIP             plays that are skipped after 30 seconds. Scrobblers have those played to half.
    EARLY_SKIP       plays that are skipped before 30 seconds: they are no plays.
    REPEAT           plays of the same song as the play before.
    RESUMED          paused plays that a scrobbler reports again when they go on. After more than
                     the song's duration they count twice, since they could be a repetition.
    SECOND_SCROBBLER accounts of a scrobbler that are fed by two programs, the second one 3 to 75
                     seconds late.
    APPLE_SCROBBLED  listeners who scrobble what they play at Apple Music. Counted twice until
                     enough plays agree.
    CHANGE           listeners who play a song at one account and soon after at another. One play is
                     lost where neither account reports another song in between.
    IMPORT           accounts at Last.fm with 200 to 260 imported scrobbles of one second.

    NO_USER, TOO_MANY, OUTAGE, SCROBBLING's and CACHE's errors, RESET, BROKEN and ERROR_BODY pass:
    an account is struck by them at most twice within an hour of the world's time.
    """

    RING = "1", 1.0
    EXHAUSTED = "2", 1.0
    CUT_CURSOR = "3", 0.5
    EMPTY_NEXT = "4", 0.5
    START_STAMP = "5", 0.05
    AGAIN = "6", 0.05
    LATE = "7", 0.02
    OMISSION = "8", 0.002
    NO_TRACK = "9", 0.03
    OTHER_ID = "10", 0.1
    NO_ISRC = "11", 0.1
    ROTATION = "12", 1.0
    SIX_MONTHS = "13", 1.0
    TOO_MANY = "14", 0.03
    UNREGISTERED = "15", 0.02
    OUTAGE = "16", 0.05
    BUMP = "17", 1.0
    STALE = "18", 0.1
    SHORT_PAGE = "19", 0.1
    USER_TOKEN = "20", 0.1
    TESTING = "21", 0.1
    EXPORT = "22", 0.5
    SCROBBLING = "23", 0.2
    CACHE = "24", 0.05
    LANGUAGE = "25", 0.5
    ODD = "26", 0.05
    NO_USER = "27", 0.01
    PAUSE = "28", 0.05
    SKIP = "29", 0.05
    EARLY_SKIP = "30", 0.03
    REPEAT = "31", 0.03
    RESUMED = "32", 0.3
    SECOND_SCROBBLER = "33", 0.1
    APPLE_SCROBBLED = "34", 0.3
    IMPORT = "35", 0.05
    CHANGE = "41", 0.3
    HALF_EMOJI = "36", 0.02
    UNREADABLE = "37", 0.001
    TOO_SOON = "38", 0.1
    LOST_START = "39", 0.1
    ONE_TIME = "40", 0.05
    SLOW = "slow", 0.02
    RESET = "reset", 0.02
    BROKEN = "broken", 0.02
    FUTURE = "future", 0.02
    ERROR_BODY = "error_body", 0.02

    def __init__(self, number: str, rate: float) -> None:
        self.number = number
        self.rate = rate

    @property
    def word(self) -> str:
        """The habit's name as written on the command line."""
        return self.name.lower()


LISTENING = (
    Habit.PAUSE,
    Habit.SKIP,
    Habit.EARLY_SKIP,
    Habit.REPEAT,
    Habit.RESUMED,
    Habit.SECOND_SCROBBLER,
    Habit.APPLE_SCROBBLED,
    Habit.IMPORT,
    Habit.CHANGE,
)
"""The habits of listeners, which decide what is played and scrobbled."""
USUAL = (Habit.RING, Habit.EXHAUSTED, Habit.BUMP)
"""The habits that always affect everyone."""
