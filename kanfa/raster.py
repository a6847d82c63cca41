"""SVG → PNG by resvg: no script, no network, no file but the house's fonts takes part."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 5
"""Processor time that one drawing of an editor may take; a figure of 2,000 paths takes a tenth of a second."""
MEMORY = 400 * 1024 * 1024
"""Bytes of address space for the same; the six fonts take 50 MB of it."""
TEXT_FAMILY = "Noto Sans SC"
"""Family for text whose own font is not at hand, which is every font but those of the PDF edition."""
CODE_FAMILY = "DejaVu Sans Mono"

_CHILD = """
import json, resource, sys
job = json.load(sys.stdin)
bounds = {"RLIMIT_CPU": job["seconds"], "RLIMIT_AS": job["memory"], "RLIMIT_CORE": 0}
for limit, most in bounds.items():
    try:
        resource.setrlimit(getattr(resource, limit), (most, most))
    except (ValueError, OSError):
        pass
import resvg_py
try:
    png = resvg_py.svg_to_bytes(**job["drawing"])
except ValueError as error:
    sys.exit(str(error))
sys.stdout.buffer.write(bytes(png))
"""
"""What the process does that draws apart. A system without one of the limits still has the time of the clock."""


def rasterized(svg: str, *, width: int) -> bytes:
    """`svg` as a PNG of `width` pixels, transparent where nothing is drawn; same input, same bytes.

    The caller has made sure that the SVG is small and refers to nothing outside: this is for drawings that Kanfa
    itself made. Raises ValueError when resvg cannot read it.
    """
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def rasterized_apart(svg: str, *, width: int, fonts: Sequence[Path] = ()) -> bytes:
    """The same for a drawing from outside, in a process of its own.

    A few bytes of SVG can ask for hours and terabytes, and resvg then ends its whole process. Text is set in
    `fonts`, families that are not among them in TEXT_FAMILY. Raises ValueError when the drawing cannot be read,
    or takes more than SECONDS or MEMORY.
    """
    families = ("font_family", "serif_family", "sans_serif_family", "cursive_family", "fantasy_family")
    drawing = {
        "svg_string": svg,
        "width": width,
        "skip_system_fonts": True,
        "font_files": [str(path) for path in fonts],
        **dict.fromkeys(families, TEXT_FAMILY),
        "monospace_family": CODE_FAMILY,
    }
    job = json.dumps({"drawing": drawing, "seconds": SECONDS, "memory": MEMORY})
    try:
        # -P keeps a module of the current folder from standing in for the library
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CHILD],
            input=job.encode(),
            capture_output=True,
            timeout=4 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValueError("drawing it takes too long") from None
    if done.returncode == 1:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ValueError(words[-1][:200] if words else "it cannot be drawn")
    if done.returncode or not done.stdout:
        raise ValueError("drawing it takes too much time or memory")
    return done.stdout


def house_fonts() -> tuple[Path, ...]:
    """The font files of the PDF edition, in which text of drawings is set, by name; empty when there are none."""
    from kanfa.templating import builtin_folder

    return tuple(sorted((builtin_folder() / "pdf/fonts").glob("*.ttf")))


def undrawable(text: str, fonts: Sequence[Path]) -> str:
    """The characters of `text` that none of `fonts` has, each once, in order; white space and joiners need none."""
    from fontTools.ttLib import TTFont

    wanted = {char for char in text if char.isprintable() and not char.isspace()}
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            wanted = {char for char in wanted if ord(char) not in font.getBestCmap()}
    return "".join(sorted(wanted))
