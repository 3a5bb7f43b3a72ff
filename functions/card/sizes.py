"""The two shapes of a card, in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`top` is where the heading begins, `row` the height of a song's row.

    `title` and `small` are sizes of letters.
    """

    width: int
    height: int
    songs: int
    margin: int
    top: int
    heading: int
    row: int
    title: int
    small: int

    @property
    def first_row(self) -> float:
        """Below the heading's two lines."""
        return self.top + self.heading + self.small * 2.2


SIZES: Mapping[str, Size] = {
    # What Open Graph's consumers crop least: 1.91 to 1.
    "link": Size(1200, 630, 5, 64, 52, 44, 88, 31, 22),
    # Of a story, apps cover some 250 pixels at the top and at the bottom.
    "story": Size(1080, 1920, 10, 72, 270, 68, 122, 38, 27),
}
