"""Every word on a map can be read on what lies under it, in light and in dark."""

import re
from pathlib import Path

import pytest

from leadgen.geo import map_file

CSS = Path("leadgen/web/static/leadgen.css")
REACH = 0.07


def read_tokens() -> list[dict[str, str]]:
    """The light tokens, and the dark ones."""
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)[:2]
    return [dict(re.findall(r"--lg-([\w-]+): (#[0-9a-f]{3,6});", block)) for block in blocks]


def split(colour: str) -> list[int]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    return [int(digits[at : at + 2], 16) for at in (0, 2, 4)]


def measure(colour: list[int]) -> float:
    """The relative luminance of WCAG 2.2."""
    shares = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[int], other: list[int]) -> float:
    dark, light = sorted((measure(one), measure(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("words", ["ink", "muted"])
@pytest.mark.parametrize("under", ["land", "ground"])
def test_names_can_be_read_inside_and_outside_the_radius(scheme: int, words: str, under: str) -> None:
    tokens = read_tokens()[scheme]
    plain, tinted = split(tokens[under]), split(tokens["primary"])
    within = [round(tint * REACH + base * (1 - REACH)) for base, tint in zip(plain, tinted, strict=True)]
    assert contrast(split(tokens[words]), plain) >= 4.5
    assert contrast(split(tokens[words]), within) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_numbers_can_be_read_and_their_badges_seen(scheme: int) -> None:
    tokens = read_tokens()[scheme]
    assert contrast(split(tokens["on-primary"]), split(tokens["primary"])) >= 4.5
    assert contrast(split(tokens["primary"]), split(tokens["ground"])) >= 3
    assert contrast(split(tokens["accent"]), split(tokens["land"])) >= 3


@pytest.mark.parametrize("name", ["ink", "muted", "surface", "ground", "land", "border", "primary", "accent"])
def test_the_file_has_the_colours_of_the_pages(name: str) -> None:
    for tokens in read_tokens():
        colour = tokens[name]
        assert f"--{name}:{colour}" in map_file.STYLE.replace("\n", "")
