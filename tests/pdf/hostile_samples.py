"""Hostile publications: each is an issue, files beside it, and template overrides, with what must be said about it.

OUTSIDE stands for a folder beside the publication that nothing may open; it holds a picture, a style sheet, a font, a
text and a fontconfig file, so that only the refusal keeps them out.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pdf_samples import drawn

FRONT = "---\ntitle: 样刊\nnumber: 1\ndate: 2020-01-01\nsummary: 短。\n---\n"
PAGE = "<!DOCTYPE html><html lang='zh-CN'><head><title>页</title>{head}</head><body><h1>页</h1>{body}</body></html>"
HTML, STYLE = "templates/pdf/issue.html.j2", "templates/pdf/print.css"
REFUSED = "asks for what the issue does not have"
SLOW = "not ready after|too much processor time"


@dataclass(frozen=True)
class Hostile:
    """One publication."""

    says: str
    """Regular expression that one error or finding must match."""
    body: str = "## 一\n\n好。\n"
    front: str = FRONT
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Symbolic links: name and target."""


def html(body: str = "", head: str = "", **files: str | bytes) -> dict[str, str | bytes]:
    """A template of its own, and files below templates/pdf."""
    return {HTML: PAGE.format(head=head, body=body)} | {f"templates/pdf/{name}": data for name, data in files.items()}


def billion_pixels() -> bytes:
    """A PNG that says it is 40 000 × 40 000 and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def exif_thumb() -> bytes:
    """A JPEG cut off in the middle."""
    out = io.BytesIO()
    out.write(drawn(400, 400, kind="JPEG")[:900])
    return out.getvalue()


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" width="9">'
    "{}</svg>"
)
ENTITIES = (
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "' + f"&{chr(97 + n)};" * 10 + '">' for n in range(9))
    + "]>"
)
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))


def picture(name: str, data: str | bytes) -> dict[str, str | bytes]:
    """One file in the issue's folder."""
    return {f"images/{name}": data}


SHOWN = "## 一\n\n![图](images/a.svg)\n"

HOSTILE: dict[str, Hostile] = {
    # the issue: text and raw HTML
    "html-object": Hostile("ISS", "## 一\n\n<object data='file://OUTSIDE/secret.txt'></object>\n"),
    "html-attachment": Hostile("ISS", "## 一\n\n<link rel='attachment' href='file://OUTSIDE/secret.txt'>\n"),
    "html-a-attachment": Hostile("ISS|PDF", "## 一\n\n<a rel='attachment' href='file://OUTSIDE/secret.txt'>看</a>\n"),
    "html-base": Hostile("ISS", "## 一\n\n<base href='file://OUTSIDE/'>\n\n![图](secret.png)\n"),
    "html-style": Hostile("ISS", "## 一\n\n<style>@import 'file://OUTSIDE/secret.css';</style>\n"),
    "html-embed": Hostile("ISS", "## 一\n\n<embed src='http://127.0.0.1:9/'>\n"),
    "html-svg": Hostile("ISS", "## 一\n\n<svg><image href='file://OUTSIDE/secret.png'/></svg>\n"),
    "html-deep": Hostile("ISS|SourceError", "## 一\n\n" + "<div>" * 10_000 + "深" + "</div>" * 10_000 + "\n"),
    "quotes-deep": Hostile(f"ISS|SourceError|{SLOW}", "## 一\n\n" + ">" * 3_000 + " 深\n"),
    "lists-deep": Hostile("ISS|PDF", "## 一\n\n" + "".join(f"{'  ' * n}- 层\n" for n in range(400))),
    "brackets": Hostile(
        f"ISS|SourceError|{SLOW}", "## 一\n\n" + "[" * 3_000 + "\n\n" + "*_" * 3_000 + "\n\n![](x.png)\n"
    ),
    "picture-file": Hostile("ISS", "## 一\n\n![图](file://OUTSIDE/secret.png)\n"),
    "picture-parent": Hostile("ISS", "## 一\n\n![图](../outside/secret.png)\n"),
    "picture-absolute": Hostile("ISS", "## 一\n\n![图](OUTSIDE/secret.png)\n"),
    "picture-link": Hostile("ISS", "## 一\n\n![图](a.png)\n", links={"a.png": "OUTSIDE/secret.png"}),
    "picture-redirect": Hostile(
        "PDF016|ISS", "## 一\n\n![图](http://127.0.0.1:9/redirect?to=file://OUTSIDE/secret.png)\n"
    ),
    "picture-data": Hostile("ISS|PDF|UsageError", f"## 一\n\n![图](data:image/png;base64,{'A' * 3_000_000})\n"),
    "picture-pixels": Hostile("ISS", "## 一\n\n![图](images/a.png)\n", files=picture("a.png", billion_pixels())),
    "picture-cut-off": Hostile("ISS|PDF", "## 一\n\n![图](images/a.jpg)\n", files=picture("a.jpg", exif_thumb())),
    "svg-image": Hostile(
        "ISS|PDF", SHOWN, files=picture("a.svg", SVG.format('<image href="file://OUTSIDE/secret.png"/>'))
    ),
    "svg-use-itself": Hostile(
        "ISS|PDF", SHOWN, files=picture("a.svg", SVG.format('<g id="a"><use href="#a"/><use x:href="#a"/></g>'))
    ),
    "svg-use-powers": Hostile(
        "ISS|PDF",
        SHOWN,
        files=picture(
            "a.svg",
            SVG.format(
                '<g id="a0"><path d="M0 0h1"/></g>'
                + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 10))
            ),
        ),
    ),
    "svg-import": Hostile(
        "ISS|PDF", SHOWN, files=picture("a.svg", SVG.format("<style>@import 'file://OUTSIDE/secret.css';</style>"))
    ),
    "svg-entities": Hostile("ISS|PDF", SHOWN, files=picture("a.svg", ENTITIES + SVG.format("<text>&j;</text>"))),
    "svg-external-entity": Hostile(
        "ISS|PDF",
        SHOWN,
        files=picture(
            "a.svg", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file://OUTSIDE/secret.txt">]>' + SVG.format("<text>&a;</text>")
        ),
    ),
    "svg-deep": Hostile("ISS|PDF", SHOWN, files=picture("a.svg", SVG.format("<g>" * 10_000 + "</g>" * 10_000))),
    "svg-gzip": Hostile("ISS", SHOWN, files=picture("a.svg", gzip.compress(b" " * 100_000_000))),
    # the front matter
    "cover-outside": Hostile("ISS", front=FRONT.replace("---\n", "---\ncover: ../outside/secret.png\n", 1)),
    "cover-file": Hostile("ISS|PDF", front=FRONT.replace("---\n", "---\ncover: file://OUTSIDE/secret.png\n", 1)),
    "yaml-laughs": Hostile("ISS|SourceError", front=FRONT.replace("---\n", "---\n" + LAUGHS, 1)),
    "title-endless": Hostile(f"ISS|SourceError|PDF|{SLOW}", front=FRONT.replace("样刊", "长" * 20_000)),
    # the template: addresses
    "template-file": Hostile(REFUSED, files=html("<img src='file://OUTSIDE/secret.png' alt='图'>")),
    "template-http": Hostile(REFUSED, files=html("<img src='http://127.0.0.1:9/redirect' alt='图'>")),
    "template-attachment": Hostile(REFUSED, files=html(head="<link rel=attachment href='file://OUTSIDE/secret.txt'>")),
    "template-a-attachment": Hostile(REFUSED, files=html("<a rel=attachment href='file://OUTSIDE/secret.txt'>看</a>")),
    "template-base": Hostile(REFUSED, files=html("<img src=secret.png alt=图>", "<base href='file://OUTSIDE/'>")),
    "template-stylesheet": Hostile(REFUSED, files=html(head="<link rel=stylesheet href='file://OUTSIDE/secret.css'>")),
    "template-object": Hostile(REFUSED, files=html("<object data='file://OUTSIDE/secret.png'></object>")),
    "template-link": Hostile(
        REFUSED,
        files=html("<img src='template:seal.png' alt='印'>"),
        links={"templates/pdf/seal.png": "OUTSIDE/secret.png"},
    ),
    "template-upwards": Hostile(REFUSED, files=html("<img src='template:../../../outside/secret.png' alt='印'>")),
    "template-include": Hostile(
        "no template file|TemplateNotFound", files={HTML: "{% include 'OUTSIDE/secret.txt' %}"}
    ),
    "template-classes": Hostile("RenderError", files={HTML: "{{ ''.__class__.__mro__[1].__subclasses__() }}"}),
    "template-data": Hostile(
        REFUSED, files={HTML: PAGE.format(head="", body="<img alt=图 src='data:image/png;base64,{{ 'A' * 1000000 }}'>")}
    ),
    "template-data-30-mb": Hostile(
        "characters, at most|OverflowError",
        files={
            HTML: PAGE.format(
                head="",
                body="<img alt=图 src='data:image/png;base64,{% for n in range(30) %}{{ 'A' * 1000000 }}{% endfor %}'>",
            )
        },
    ),
    "template-svg-image": Hostile(
        "PDF004",
        files=html(
            "<img src='template:a.svg' alt='图'>", **{"a.svg": SVG.format('<image href="file://OUTSIDE/secret.png"/>')}
        ),
    ),
    "template-svg-import": Hostile(
        f"PDF004|{REFUSED}",
        files=html(
            "<img src='template:a.svg' alt='图'>",
            **{"a.svg": SVG.format("<style>@import 'file://OUTSIDE/secret.css';</style><path d='M0 0h9'/>")},
        ),
    ),
    "template-svg-use": Hostile(
        "PDF004",
        files=html(
            "<img src='template:a.svg' alt='图'>",
            **{"a.svg": SVG.format('<g id="a"><use href="#a"/></g><use href="file://OUTSIDE/a.svg#a"/>')},
        ),
    ),
    # the template: size
    "template-deep": Hostile(f"nested too deep|{SLOW}", files=html("{% for n in range(3000) %}<div>{% endfor %}深")),
    "template-wide-cell": Hostile("colspan of 65534", files=html("<table><tr><td colspan=65534>字</table>")),
    "template-bytes": Hostile("take more than", files=html(**{"a.png": b"\0" * 21_000_000})),
    # the style sheet
    "css-import": Hostile("PDF005", files={STYLE: "@import 'file://OUTSIDE/secret.css';"}),
    "css-import-http": Hostile("PDF005", files={STYLE: "@import url(http://127.0.0.1:9/x.css);"}),
    "css-import-first": Hostile(REFUSED, files=html(head="<style>@import 'file://OUTSIDE/secret.css';</style>")),
    "css-import-beside": Hostile(
        REFUSED,
        files=html(
            head="<link rel=stylesheet href='template:a.css'>", **{"a.css": "@import 'file://OUTSIDE/secret.css';"}
        ),
    ),
    "css-import-itself": Hostile(
        "too deep",
        files=html(head="<link rel=stylesheet href='template:a.css'>", **{"a.css": "@import 'template:a.css';"}),
    ),
    "css-background": Hostile(REFUSED, files={STYLE: "body{background:url(file://OUTSIDE/secret.png)}"}),
    "css-content": Hostile(REFUSED, files={STYLE: "p::before{content:url(file://OUTSIDE/secret.png)}"}),
    "css-font": Hostile(REFUSED, files={STYLE: "@font-face{font-family:x;src:url(file://OUTSIDE/secret.ttf)}"}),
    "css-page-10-m": Hostile("10,000 mm long or wide", files={STYLE: "@page{size:10000mm 10000mm !important}"}),
    "css-page-0.5-mm": Hostile("too small", files={STYLE: "@page{size:.5mm .5mm !important;margin:0 !important}"}),
    "css-content-endless": Hostile(SLOW, files={STYLE: "p::after{content:'" + "x" * 1_900_000 + "'}"}),
    "css-variables": Hostile(
        SLOW,
        files={
            STYLE: ":root{--a:x x x x x x x x x x;"
            + "".join(f"--{chr(98 + n)}:{f'var(--{chr(97 + n)}) ' * 10};" for n in range(9))
            + "} p{font-family:var(--j)}"
        },
    ),
    "css-too-long": Hostile("style sheet has", files={STYLE: "p{color:red}" * 200_000}),
    "css-nested": Hostile("WeasyPrint failed|too deep", files={STYLE: "a{" * 5_000}),
    "css-selectors": Hostile("too deep", files={STYLE: ":is(" * 900 + "p" + ")" * 900 + "{color:red}"}),
    # the fonts
    "fonts-elsewhere": Hostile(
        "fonts must lie in the folder",
        files={"templates/pdf/fonts.conf": "<fontconfig><dir>OUTSIDE</dir></fontconfig>"},
    ),
    "fonts-include": Hostile(
        "includes", files={"templates/pdf/fonts.conf": "<fontconfig><include>OUTSIDE/fonts.conf</include></fontconfig>"}
    ),
    "fonts-cut-off": Hostile(
        "is damaged",
        files={
            "templates/pdf/fonts.conf": '<fontconfig><dir prefix="relative">fonts</dir></fontconfig>',
            "templates/pdf/fonts/a.ttf": b"\0\1\0\0\0\x0a" + b"\0" * 300,
        },
    ),
}
