"""The article that themes are judged by: every construct that an issue can hold, once, in few words."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kanfa.issue.model import Asset, Issue
from kanfa.issue.reader import read

TEXT = """---
number: 1
title: "样张：一页验遍所有家什，标题长到公众号的标题栏放不下"
short_title: "样张"
date: 2024-04-23
summary: "一页样张，验遍主题的每一条样式。"
authors: [甲]
editors: [乙]
publisher: "样张组"
keywords: [样张]
cover: images/wide.png
previous:
  - number: 0
    title: "上一期"
    url: https://example.org/0
---

正文有**重点**、*斜体*、~~删去~~、`行内代码`、[站外链接](https://example.org/a)、
[公众号内](https://mp.weixin.qq.com/s/x)、裸址 https://example.org/bare 与注[^1]。
<u>画线</u><mark>荧光里有**重点**、[链接](https://example.org/b)与{字|zì}</mark><small>小字</small><kbd>Ctrl</kbd>，
H<sub>2</sub>O，mc<sup>2</sup>，<ins>添上</ins>。<br>换一行，{熨帖|yù tiē}，$x^2$。

## 章带[链接](https://example.org/c)

### 节带`代码`

#### 小节

- 一级
  - 二级
    - 三级

3. 从三数起
4. 再来

   一段，又一段

- [x] 已办
- [ ] 未办

- **[有头的条目](https://example.org/d)** · 来源
  摘要一句。

> 引文里有**重点**与`代码`。

```python {2} title="a.py"
def f(sheet: str) -> int:  # 注释
    return len("字") + 1
```

```diff
- 旧
+ 新
```

| 左 | 中 | 右 |
|:---|:---:|---:|
| 甲 | `乙` | **丙** |
| 丁 | [戊](https://example.org/e) | 己 |

| 一 | 二 | 三 | 四 | 五 |
|---|---|---|---|---|
| 六 | 七 | 八 | 九 | 十 |

## 图与框

![宽图](images/wide.png "图题")

![小图](images/small.png "小图题")

> [!NOTE]
> 说明里有**重点**、`代码`与[链接](https://example.org/f)。

> [!TIP]
> 窍门里有**重点**、`代码`与[链接](https://example.org/g)。

> [!IMPORTANT]
> 要点里有**重点**、`代码`与[链接](https://example.org/h)。

> [!WARNING]
> 警告里有**重点**、`代码`与[链接](https://example.org/i)。

> [!CAUTION]
> 小心里有**重点**、`代码`与[链接](https://example.org/j)。

:::qr
[扫一扫](https://example.org/k)
:::

:::details 展开
里面的话。
:::

$$
a^2
$$

---

[^1]: 注文里有`代码`。
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000020001"
    "e221bc330000000049454e44ae426082"
)
"""A PNG of one pixel: nobody looks at the sample's pictures."""
PICTURES = {"images/wide.png": 1200, "images/small.png": 200}
"""Width in pixels that the sample's pictures say they have."""


def sample() -> Issue:
    """The issue."""
    made = read(TEXT, "sample.md").issue
    sha256 = hashlib.sha256(PIXEL).hexdigest()
    assets = tuple(
        Asset(src, src.rpartition("/")[2], "image/png", PIXEL, sha256, width, width // 2)
        for src, width in PICTURES.items()
    )
    return replace(made, assets=assets)
