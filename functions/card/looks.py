"""The looks of a card."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """`ground` are the lightness of the two ends of the ground (0 to 1). The other members are
    colours: of text, and of what rose and fell.
    """

    ground: tuple[float, float]
    saturation: float
    ink: str
    risen: str
    fallen: str


LOOKS: Mapping[str, Look] = {
    "night": Look((0.2, 0.07), 0.5, "#ffffff", "#6ee7a8", "#ff9d9d"),
    "day": Look((0.97, 0.91), 0.6, "#17131f", "#14703a", "#a4381a"),
}
NIGHT = LOOKS["night"]
