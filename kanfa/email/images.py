"""Pictures in the form that mail programs show: PNG, JPEG and GIF, at most twice as wide as the mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kanfa.email.limits import BODY_WIDTH, IMAGE_BYTES, IMAGES_BYTES
from kanfa.issue.model import Image, Issue
from kanfa.pictures import GIF, JPEG, PNG, PictureError, Wanted, prepared, shown_widths

SHOWN = Wanted(
    types=frozenset({PNG, JPEG, GIF}),
    max_width=BODY_WIDTH,
    max_bytes=IMAGES_BYTES,
    light_bytes=IMAGE_BYTES,
    frames=True,
)
"""What every mail program shows, no heavier than all pictures together should be (caniemail.com: image formats)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One local picture as the mail carries it."""

    src: str
    """As the text names it."""
    name: str
    """File name below `images/`."""
    data: bytes = field(repr=False)
    width: int
    """Width at which it is shown where there is room, CSS pixels; the file may have more."""
    converted: bool = False
    """Whether something became of the editor's file that readers may see or editors should know."""
    note: str = ""
    """What that is."""


def shown_images(issue: Issue) -> Iterable[Image]:
    """Every picture the mail shows: the cover, then the body's in reading order."""
    return (*([issue.cover] if issue.cover else []), *issue.images())


def pictures(issue: Issue) -> dict[str, Picture]:
    """The local pictures that the mail shows, by the address the text gives them.

    A picture that cannot be converted is left out; the writer then puts its words in its place.
    """
    taken = {asset.name for asset in issue.assets}
    widths = shown_widths(issue)
    found: dict[str, Picture] = {}
    by_name: dict[str, Picture] = {}
    for image in shown_images(issue):
        asset = issue.asset(image.src)
        if asset is None or image.src in found:
            continue
        if asset.name in by_name:  # one file under two spellings
            found[image.src] = replace(by_name[asset.name], src=image.src)
            continue
        try:
            result = prepared(asset, SHOWN, shown=widths.get(image.src, 0), taken=taken)
        except PictureError:
            continue
        picture = Picture(image.src, result.name, result.data, asset.width, bool(result.note), result.note)
        found[image.src] = by_name[asset.name] = picture
        taken.add(result.name)
    return found
