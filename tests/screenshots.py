"""Pictures of pages, small enough to be kept in the repository."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

COLOURS = 256
HEIGHT = 1400
MARGIN = 16
PART_WIDTH = 560


def shoot(page: Page, folder: Path | None, name: str) -> None:
    """Writes `name`.png of what there is of the page, covers included; nothing without `folder`.

    Only the visible part of a dialog above the page.
    """
    if folder is None:
        return
    page.wait_for_load_state("networkidle")
    width = (page.viewport_size or {"width": 0})["width"]
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), HEIGHT)
    if page.locator("dialog[open]").count():
        taken = page.screenshot(animations="disabled")
    else:
        taken = page.screenshot(
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": height},
            animations="disabled",
        )
    _write(taken, folder / f"{name}.png")


def shoot_part(part: Locator, folder: Path | None, name: str) -> None:
    """Writes `name`.png of `part` on a narrow page, with some of what is around it."""
    if folder is None:
        return
    part.page.set_viewport_size({"width": PART_WIDTH, "height": HEIGHT})
    box = part.bounding_box()
    assert box is not None
    taken = part.page.screenshot(
        clip={
            "x": 0,
            "y": box["y"] - MARGIN,
            "width": PART_WIDTH,
            "height": box["height"] + 2 * MARGIN,
        },
        animations="disabled",
    )
    _write(taken, folder / f"{name}.png")


def _write(taken: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG).save(file, optimize=True)
