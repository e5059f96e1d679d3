"""Draws the picture that goes with a shared link, from `card.svg` beside this file: `make card` (needs Chromium)."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from leadgen.config import ROOT

DRAWING = Path(__file__).with_name("card.svg")
PICTURE = ROOT / "leadgen" / "web" / "static" / "card.png"
SIZE = (1200, 630)


def draw() -> None:
    """Write the picture anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.set_content(f"<body style='margin:0'>{DRAWING.read_text(encoding='utf-8')}")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    draw()
