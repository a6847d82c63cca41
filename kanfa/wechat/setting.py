"""What transforms need to know beyond the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kanfa.issue.model import Issue
from kanfa.labels import CHINESE, Labels, is_chinese, labels_for
from kanfa.publication import Publication
from kanfa.wechat.pictures import Picture


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of one render."""

    labels: Labels = CHINESE
    privileged_links: bool = False
    """Whether the account may publish outside links."""
    scroll_hint: str = "← 左右滑动查看 →"
    """Line above a table that scrolls."""
    press_hint: str = "长按识别二维码"
    """Line below a QR code: nobody can scan the phone in the hand."""

    codes: Mapping[str, Picture] = field(default_factory=dict)
    """QR codes for the list of references, by address."""

    @classmethod
    def of(cls, issue: Issue, publication: Publication) -> Setting:
        """The circumstances of this issue in this publication."""
        hint = cls.scroll_hint_for(issue.language)
        press = cls.press_hint_for(issue.language)
        return cls(labels_for(issue.language), publication.wechat.privileged_links, hint, press)

    @staticmethod
    def scroll_hint_for(language: str) -> str:
        """The hint in the issue's language."""
        return "← 左右滑动查看 →" if is_chinese(language) else "← swipe sideways →"

    @staticmethod
    def press_hint_for(language: str) -> str:
        """The line below a QR code in the issue's language."""
        return "长按识别二维码" if is_chinese(language) else "press and hold to open"
