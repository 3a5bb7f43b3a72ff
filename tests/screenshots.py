"""Pictures of pages, small enough to be kept in the repository."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

COLOURS = 256
HEIGHT = 1400


def shoot(page: Page, folder: Path | None, name: str) -> None:
    """Writes `name`.png of what there is of the page, covers included; nothing without `folder`."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    width = (page.viewport_size or {"width": 0})["width"]
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), HEIGHT)
    taken = page.screenshot(
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": height},
        animations="disabled",
    )
    picture = Image.open(BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG).save(
        folder / f"{name}.png", optimize=True
    )
