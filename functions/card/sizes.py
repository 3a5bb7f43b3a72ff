"""The two shapes of a card, in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`top` is the position of the heading, `row` the height of a song's row.

    `title` and `small` are font sizes.
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
    # The Open Graph aspect ratio: 1.91 to 1.
    "link": Size(1200, 630, 5, 64, 52, 44, 88, 31, 22),
    # Apps cover about 250 pixels at the top and bottom of a story.
    "story": Size(1080, 1920, 10, 72, 270, 68, 122, 38, 27),
}
