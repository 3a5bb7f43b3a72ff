"""How long a listener's consent lasts, in seconds of world time."""

from math import inf

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.listening import DAY

SIX_MONTHS = 182 * DAY
TESTING = 7 * DAY
SHORT_CONSENT = 30 * DAY


def lifetime(habits: Habits, provider: str, account: str) -> float:
    """Seconds from a consent of `account` until its refresh (or user) token expires."""

    def struck(habit: Habit) -> bool:
        return habits.strikes(habit, account, "consent")

    match provider:
        case "spotify" if struck(Habit.SIX_MONTHS):
            return SIX_MONTHS
        case "apple_music" if struck(Habit.USER_TOKEN):
            return habits.dice(Habit.USER_TOKEN, account).between(5, 20) * DAY
        case "youtube" if struck(Habit.TESTING):
            return TESTING
        case "youtube" if struck(Habit.EXPORT):
            return SHORT_CONSENT
    return inf
