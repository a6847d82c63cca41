"""What archiving adds to setting pages, and how the cost grows with the length of an issue.

One issue of nine pages is rendered in turn in two ways by warm processes, so that a busy machine hits both alike:

    bare     WeasyPrint alone, in this process: the edition's HTML, style sheets, fonts and pictures, written without
             tags, without PDF/A, without attachment, without finisher
    edition  `kanfa.pdf` as `publish` calls it: text composed and pictures prepared, handed to the worker process, set,
             tagged, finished as PDF/A-3a and PDF/UA-1 with the Markdown attached, and handed back

and the ratio edition / bare. It may be 1.3. Seconds are those of the processor, the worker's included, so that a busy
machine does not decide. Then issues of about 75, 150 and 300 pages: seconds for each page may grow by half between the
first and the last, which is linear with room for a busy machine. Last, 200 renders in a row: the memory of the worker,
and of those that replace it, may be 10 % higher in the second hundred than in the first. The validation of both
standards, which belongs to checking, is measured apart and judged by nobody.

    python benchmarks/pdf_cost.py [ROUNDS]

Exit status 1 when a limit is missed.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from kanfa import pipeline
from kanfa.issue.model import Issue
from kanfa.pdf import render as edition
from kanfa.pdf.engine import Job
from kanfa.pdf.environment import check_environment, fonts_configuration
from kanfa.pdf.fetcher import STYLE_BASE, Shelf, fetcher
from kanfa.pdf.validation import failures
from kanfa.pdf.worker import Workshop, workshop
from kanfa.publication import Publication

RATIO, GROWTH, LEAK = 1.3, 1.5, 1.1
RENDERS = 200
PAGES = 9
PUBLICATION = Publication(name="云原生生态周报", url="https://weekly.example.org", publisher="云原生编辑部")

HEAD = """---
number: 9
title: 一期九页的样刊
date: 2019-07-02
summary: 测量排版所用的时间。
authors: [心贵]
---
"""
SECTION = """
## 第{n}节：业界要闻

本周 Kubernetes 发布 1.{n} 版本，**值得一试**；详见[发布说明](https://example.org/{n})与 `kubectl get pods`。[^{n}]
这一版修复了调度器在大规模集群中的若干问题，控制面的内存占用下降约 20%，节点的启动时间也随之缩短，升级之前请先阅读说明。

{prose}

- 第一条：[Helm](https://helm.sh/{n}) 移除 Tiller，安装不再需要集群权限
- 第二条：Knative 支持按请求伸缩
    - 里层：延迟 P99 从 120 ms 降到 80 ms
- 第三条：CoreDNS 成为默认的域名服务

```yaml
apiVersion: v1
kind: Service
metadata:
  name: example-{n}   # 样例
```

| 项目 | 版本 | 说明 |
|---|---|---|
| etcd | 3.4.{n} | 学习者节点 |
| containerd | 1.{n} | 垫片 |
| Envoy | 1.1{n} | 过滤器 |

{formula}

> 引用：社区的会议每周一次，纪要公开，欢迎旁听。

{picture}

[^{n}]: 第{n}条注释，附[出处](https://example.org/note/{n})。
"""

PROSE = "这里是一段较长的正文，说明来龙去脉，也说明升级的次序：先控制面，后节点，最后是插件与客户端的命令行工具。" * 9


def issue_of(folder: Path, sections: int) -> Issue:
    """An issue of so many sections; every third has a picture of 1200 × 630, every fourth a formula."""
    (folder / "images").mkdir(exist_ok=True)
    for n in range(3):
        gradient = Image.linear_gradient("L").resize((1200, 630)).rotate(n * 90)
        Image.merge("RGB", (gradient, gradient.rotate(180), gradient)).save(folder / f"images/p{n}.png")
    formula = "公式 $E = mc^2$ 与下图一并可见。"
    body = "".join(
        SECTION.format(
            n=n,
            prose=PROSE,
            picture=f"![图 {n}](images/p{n // 3 % 3}.png)" if n % 3 == 0 else "",
            formula=formula if n % 4 == 0 else "",
        )
        for n in range(sections)
    )
    path = folder / "issue.md"
    path.write_text(HEAD + body, encoding="utf-8")
    return pipeline.read(path, PUBLICATION).issue


def pages_of(data: bytes) -> int:
    """Number of pages."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def bare(job: Job) -> bytes:
    """WeasyPrint by itself."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    serve, fonts = fetcher(Shelf(job.pictures, job.files)), FontConfiguration()
    style = weasyprint.CSS(string=job.css, base_url=STYLE_BASE, font_config=fonts, url_fetcher=serve)
    html = weasyprint.HTML(string=job.html, url_fetcher=serve)
    data: bytes = html.write_pdf(stylesheets=[style], font_config=fonts)
    return data


def job_of(issue: Issue) -> Job:
    """What the edition hands to the engine, caught on its way."""
    caught: list[Job] = []
    shop = workshop()
    given = shop.typeset

    def catch(job: Job, *rest: Any) -> Any:
        caught.append(job)
        return given(job, *rest)

    shop.typeset = catch  # type: ignore[method-assign, assignment]
    try:
        edition.render(issue, PUBLICATION)
    finally:
        del shop.typeset
    return caught[0]


def processor() -> float:
    """Seconds of processor time that this process, its worker and earlier workers have used."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    pid = workshop().pid
    if pid is not None:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    gc.collect()
    began = processor()
    work()
    return processor() - began


def compare(folder: Path, rounds: int) -> float:
    """The ratio edition / bare, of medians."""
    sections = next(n for n in range(4, 40) if pages_of(whole(issue_of(folder, n))) >= PAGES)
    issue = issue_of(folder, sections)
    job, data = job_of(issue), whole(issue)
    works: dict[str, Callable[[], object]] = {
        "bare": lambda: bare(job),
        "edition": lambda: edition.render(issue, PUBLICATION),
        "validation": lambda: list(failures(data)),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            seconds = timed(work)
            if turn:
                taken[name].append(seconds)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    print(f"an issue of {pages_of(data)} pages, {len(data):,} bytes, median of {rounds}")
    for name, seconds in medians.items():
        print(f"  {name:<11}{seconds:6.3f} s   ({', '.join(f'{one:.2f}' for one in taken[name])})")
    ratio = medians["edition"] / medians["bare"]
    print(f"  edition / bare = {ratio:.2f}   (limit {RATIO})")
    return ratio


def whole(issue: Issue) -> bytes:
    """The finished file."""
    (data,) = edition.render(issue, PUBLICATION).files.values()
    return data


def growth(folder: Path, per_page: float) -> float:
    """Seconds for each page of the longest issue over those of the shortest."""
    each: list[float] = []
    for wanted in (75, 150, 300):
        issue = issue_of(folder, round(wanted * per_page))
        done: list[bytes] = []
        seconds = timed(lambda issue=issue, done=done: done.append(whole(issue)))  # type: ignore[misc]
        pages = pages_of(done[0])
        each.append(seconds / pages)
        print(f"  {pages:4} pages {seconds:6.2f} s   {each[-1] * 1000:5.1f} ms a page")
    ratio = each[-1] / each[0]
    print(f"  longest / shortest, for each page = {ratio:.2f}   (limit {GROWTH})")
    return ratio


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def leak(folder: Path) -> float:
    """The most memory that a worker held in the second half of many renders over that in the first.

    A worker is replaced after a number of renders, because its libraries leak; what counts is that memory stays within
    bounds however long a preview runs.
    """
    job = job_of(issue_of(folder, 3))
    fonts = fonts_configuration(PUBLICATION)
    shop = Workshop()
    shown: list[float] = []
    workers: set[int] = set()
    try:
        for _ in range(RENDERS):
            shop.prepare()
            pid = shop.pid or 0
            shop.typeset(job, fonts)
            if shop.pid == pid:
                workers.add(pid)
                shown.append(resident(pid))
    finally:
        shop.close()
    half = len(shown) // 2
    first, second = max(shown[:half]), max(shown[half:])
    print(f"  {RENDERS} renders by {len(workers)} workers, most memory {first:.0f} MB, then {second:.0f} MB")
    print(f"  second half / first half = {second / first:.2f}   (limit {LEAK})")
    return second / first


def main(rounds: int) -> int:
    """Print the three comparisons; exit status 1 when one misses its limit."""
    check_environment(PUBLICATION)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratio = compare(folder, rounds)
        print("growth")
        sections = 20
        per_page = sections / pages_of(whole(issue_of(folder, sections)))
        rise = growth(folder, per_page)
        print("memory")
        more = leak(folder)
    print(json.dumps({"ratio": round(ratio, 3), "growth": round(rise, 3), "memory": round(more, 3)}))
    return 0 if ratio <= RATIO and rise <= GROWTH and more <= LEAK else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
