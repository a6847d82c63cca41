"""Every number of the layout rules, with its source.

“Checker” is the public checker of Tencent's article structure specification (wechatjs/verify-article-structure-spec),
which the web editor runs too.
"""

from __future__ import annotations

SCREENS = (585, 677, 375)
"""CSS pixels of the article's column on which widths are compared; the first one is compared with. Checker."""
PHONE_COLUMN = 335
"""CSS pixels that the gutters of a 375 px phone leave; measured. Texts must fit here too, widths are not compared."""
COLUMNS = (*SCREENS, PHONE_COLUMN)
"""Every column that is measured, in this order."""

EDGE = 1.0
"""CSS pixels by which a box may pass the column's edge, and by which one that fills it may miss. Checker."""
WIDTH_DIFFERENCE = 10
"""CSS pixels by which a width may differ from that on the first screen. Checker."""
RATIO_DIFFERENCE = 0.2
"""By how much the share of the column may differ from that on the first screen. Checker.

It allows no difference to what fills the column on one screen; that is width-centring's business already."""

NORMAL_LINE_HEIGHT = 1.2
"""Times the font size: what the checker takes `line-height: normal` for."""
LINE_SLACK = 10.0
"""CSS pixels by which lines may be closer than the font size, in a box of more than one line. Checker, first test."""
ONE_LINE = 1.2
"""Times the font size: a higher box has more than one line. Checker, first test."""
CLOSEST_LINES = 0.95
"""Times the font size: lines of running text may not be closer. Checker, second test."""

SHORT_ARTICLE = 200
"""CSS pixels: up to this height of an article the smaller tolerance holds. Checker."""
TALLER = 20
"""CSS pixels by which something may be taller than the whole article. Checker."""
TALLER_SHORT = 5
"""The same in a short article. Checker. Letters may stand as much over the edge of a box: house, an accent's height."""
LEVELS = 11
"""Levels below the article's column in which the checker looks for something taller than it."""
