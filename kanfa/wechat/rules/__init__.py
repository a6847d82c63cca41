"""The WeChat rule catalogue: what may not leave for the draft box, and why. Ids never change.

WX001–016 elements and attributes · WX021–037 styles · WX041–047 layout, which needs a browser ·
WX051–060 links and pictures · WX071–075 drawings and dark mode · WX081–089 fields · WX101–127 warnings ·
WX131–137 what the renderer reports · WX140–145 issues that do not fit one article, codes of addresses ·
WX150–153 themes.
"""

from kanfa.wechat.rules import advice, content, css, fitting, layout, structure, themes

RULES = (*structure.RULES, *css.RULES, *layout.RULES, *content.RULES, *advice.RULES, *fitting.RULES, *themes.RULES)
"""Every rule of the room, in the order of the families."""
