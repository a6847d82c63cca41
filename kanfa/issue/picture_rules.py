"""The catalogue of findings about picture files, and the numbers they are judged by. Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

MAX_BYTES = 10 * 1024 * 1024
"""Largest picture file: what WeChat's add_material takes for a cover."""
MAX_PIXELS = 40_000_000
"""Largest picture in pixels; a decoded one then takes at most 160 MB."""
MAX_WEBP_PIXELS = 24_000_000
"""The same for WebP, whose decoder holds the picture three times (own measurement: 40 million took 625 MB)."""
MAX_FRAMES = 2_000
"""Pictures of one moving picture: more than a minute at 30 a second."""
MAX_MOVING_PIXELS = 400_000_000
"""Pixels of all pictures of a moving one together: a reader's machine has to draw each of them."""
MAX_TOTAL_BYTES = 60 * 1024 * 1024
"""All pictures of one issue together; far above any mail or article, far below a machine's memory."""
MAX_SVG_BYTES = 512 * 1024
"""Largest SVG: a drawing, not a photograph as paths."""
MAX_SVG_ELEMENTS = 50_000
"""Elements that an SVG draws, each counted as often as `use`, patterns, masks and markers repeat it."""
MAX_SVG_SIDE = 20_000
"""Longest side of an SVG in CSS pixels."""
MAX_DRAWN_PIXELS = 12_000_000
"""Pixels of a PNG that is drawn from an SVG; a long one is drawn less sharply."""
MAX_EMBEDDED_BYTES = 256 * 1024
"""Largest PNG or JPEG within an SVG."""
MAX_EMBEDDED_PIXELS = 4_000_000
"""The same in pixels."""
TALL = 5.0
"""Height in widths from which a picture is a strip."""
TALL_PIXELS = 1_000
"""Height in pixels below which a strip is only an ornament."""

_SAFE = "house rule: no file outside the issue's folder is ever read while rendering"

IMAGE_OUTSIDE = Rule(
    "ISS060",
    "image-outside",
    Severity.ERROR,
    "a picture outside the issue's folder is never read",
    _SAFE,
    "put the picture beside issue.md and name it by a relative path, or use its public https address",
)
IMAGE_MISSING = Rule(
    "ISS061",
    "image-missing",
    Severity.ERROR,
    "a picture that does not exist would be a hole in every format",
    "house rule: nothing silently dropped",
    "put the file beside issue.md, or mend its name (upper and lower case count)",
)
IMAGE_FORMAT = Rule(
    "ISS062",
    "image-format",
    Severity.ERROR,
    "no channel takes this kind of file as a picture",
    "common ground of e-mail clients, WeChat uploadimg and PDF/A",
    "export the picture as PNG, JPEG or SVG",
)
IMAGE_DAMAGED = Rule(
    "ISS063",
    "image-damaged",
    Severity.ERROR,
    "the picture's data are cut short or broken",
    "decoded by Pillow",
    "export the picture again",
)
IMAGE_TOO_LARGE = Rule(
    "ISS064",
    "image-too-large",
    Severity.ERROR,
    f"a picture may have {MAX_BYTES // 1024 // 1024} MB and {MAX_PIXELS // 1_000_000} million pixels "
    f"(WebP {MAX_WEBP_PIXELS // 1_000_000}; a moving one {MAX_MOVING_PIXELS // 1_000_000} in all)",
    "WeChat add_material: 10 MB; memory while rendering",
    "scale the picture down; 1,600 pixels of width serve every channel",
)
COVER_UNUSED = Rule(
    "ISS065",
    "cover-unused",
    Severity.WARNING,
    "the cover could not be loaded, so the issue goes out without one",
    "house rule: nothing silently dropped",
    "put the cover picture beside issue.md and name it in the front matter by a relative path",
)
IMAGES_TOO_LARGE = Rule(
    "ISS066",
    "images-too-large",
    Severity.ERROR,
    f"all pictures of an issue together may have {MAX_TOTAL_BYTES // 1024 // 1024} MB",
    "memory while rendering; every picture travels in each release",
    "scale the pictures down, or leave some out",
)
IMAGE_SVG = Rule(
    "ISS067",
    "image-svg",
    Severity.ERROR,
    "an SVG may only draw: no program, no animation, nothing from outside, no size that only a browser knows",
    "SVG 2, secure static mode; house rule: no network and no other file while rendering",
    "export it as “plain SVG” with a width and a height, fonts turned into paths, or as PNG",
)
IMAGE_TALL = Rule(
    "ISS068",
    "image-tall",
    Severity.INFO,
    "a strip is shrunk to the height of a page in the PDF and is many screens long elsewhere",
    "PDF page height; own judgement",
    "cut the picture into several, each with words of its own",
)
IMAGE_SVG_TEXT = Rule(
    "ISS069",
    "image-svg-text",
    Severity.WARNING,
    "letters that the edition's fonts lack are empty boxes where the SVG becomes a PNG",
    "house rule: nothing silently dropped",
    "turn the text into paths before you export the SVG",
)
RULES = (
    IMAGE_OUTSIDE,
    IMAGE_MISSING,
    IMAGE_FORMAT,
    IMAGE_DAMAGED,
    IMAGE_TOO_LARGE,
    COVER_UNUSED,
    IMAGES_TOO_LARGE,
    IMAGE_SVG,
    IMAGE_TALL,
    IMAGE_SVG_TEXT,
)


class Unusable(Exception):
    """Why one picture cannot be used: the rule, a constant template of the message, and the values of its fields.

    The field `src` is filled in by whoever knows under which name the text mentions the picture.
    """

    def __init__(self, rule: Rule, template: str, **values: str | int) -> None:
        super().__init__(rule, template, values)
        self.rule = rule
        self.template = template
        self.values = values
