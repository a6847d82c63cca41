"""What tests of the command line share: an issue, and what a command did."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

ISSUE = """\
---
number: 7
title: 第七期：测试
date: 2026-01-05
summary: 一份用来测试命令行的周报。
authors: [张三]
---

## 要闻

- [Helm](https://helm.sh/) 发布了新版本。
"""


class Ran(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


Kanfa = Callable[..., Ran]
