"""The shapes of a card, in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Nothing is drawn above `top` and below `bottom`. `cover` is the side of the first song's
    cover beside its text, `row` the height of another song's row. `heading`, `title` and `small`
    are font sizes. With `columns`, the first song has a column of its own.
    """

    width: int
    height: int
    songs: int
    margin: int
    top: int
    bottom: int
    heading: int
    cover: int
    row: int
    title: int
    small: int
    columns: bool = False

    @property
    def room(self) -> int:
        """From margin to margin."""
        return self.width - 2 * self.margin


SIZES: Mapping[str, Size] = {
    # The Open Graph aspect ratio: 1.91 to 1.
    "link": Size(1200, 630, 5, 64, 52, 582, 44, 300, 94, 30, 22, columns=True),
    "post": Size(1080, 1080, 5, 72, 72, 1020, 52, 360, 112, 36, 26),
    # Apps cover about 250 pixels at the top and bottom of a story.
    "story": Size(1080, 1920, 8, 72, 260, 1670, 60, 420, 116, 38, 28),
}
