"""Checks of what the file says about itself: language, title, XMP packet, document information, attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from lxml import etree

from kanfa.findings import Finding
from kanfa.issue.export import to_json
from kanfa.pdf import rules
from kanfa.pdf.finished import Edition
from kanfa.pdf.outline import headings
from kanfa.placing import fold

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}


def check_title(edition: Edition) -> Iterator[Finding]:
    """Language and title of the document, and that the title is shown."""
    if edition.parts.language != edition.language:
        found = edition.parts.language
        words = "the file's language is {found}, the issue's {wanted}"
        if not found:
            words = "the file's language is none, the issue's {wanted}"
        yield rules.LANGUAGE.at(1, words, found=found, wanted=edition.language)
    title = headings(edition.issue, edition.labels)[0].title
    line = edition.issue.line_of("title")
    if edition.parts.title != title:
        yield rules.TITLE.at(
            line,
            "the file is titled “{found}”, the issue “{wanted}”",
            found=edition.parts.title,
            wanted=title,
            quote=edition.issue.title,
        )
    elif not edition.parts.shows_title:
        yield rules.TITLE.at(line, "the window shows the name of the file instead of its title")


def check_metadata(edition: Edition) -> Iterator[Finding]:
    """Title, names, summary, keywords and date, in the XMP packet and in the document information."""
    issue = edition.issue
    date = issue.date.isoformat() if issue.date else ""
    wanted = {
        "title": headings(issue, edition.labels)[0].title,
        "authors": ", ".join(issue.authors),
        "summary": issue.summary,
        "keywords": ", ".join(issue.keywords),
        "date": date,
    }
    for place, found in (("XMP", _packet(edition.parts.packet)), ("Info", _information(edition))):
        for field, value in wanted.items():
            if fold(found[field]) != fold(value):
                yield rules.METADATA.at(
                    issue.line_of(field),
                    "{field} in {place} is “{found}” instead of “{wanted}”",
                    field=field,
                    place=place,
                    found=found[field][:80],
                    wanted=value[:80],
                )


def _packet(data: bytes) -> dict[str, str]:
    """The fields of an XMP packet; all of them empty when it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser) if data else None
    paths = {
        "title": "//dc:title//rdf:li",
        "authors": "//dc:creator//rdf:li",
        "summary": "//dc:description//rdf:li",
        "keywords": "//pdf:Keywords",
        "date": "//xmp:CreateDate",
    }
    if root is None:
        return dict.fromkeys(paths, "")
    read = {field: [node.text or "" for node in _nodes(root, path)] for field, path in paths.items()}
    return {**{field: ", ".join(values) for field, values in read.items()}, "date": "".join(read["date"])[:10]}


def _nodes(root: etree._Element, path: str) -> list[etree._Element]:
    found = root.xpath(path, namespaces=NAMESPACES)
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []


def _information(edition: Edition) -> dict[str, str]:
    """The same fields of the document information (ISO 32000-1, 14.3.3)."""
    info = edition.parts.info
    day = info.get("CreationDate", "").removeprefix("D:")[:8]
    return {
        "title": edition.parts.title,
        "authors": info.get("Author", ""),
        "summary": info.get("Subject", ""),
        "keywords": info.get("Keywords", ""),
        "date": f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else "",
    }


def check_source(edition: Edition) -> Iterator[Finding]:
    """Attached are the issue's own text and its tree, and nothing else."""
    if not edition.issue.source:
        return
    markdown = hashlib.sha256(edition.issue.source.encode()).hexdigest()
    found = {name: hashlib.sha256(data).hexdigest() for name, data in edition.parts.attachments}
    trees = {name: digest for name, digest in found.items() if name.endswith(".json")}
    texts = [digest for name, digest in found.items() if name not in trees]
    if texts != [markdown]:
        words = "attached is {found} instead of the issue's text ({wanted})"
        if not texts:
            words = "attached is nothing instead of the issue's text ({wanted})"
        shown = ", ".join(digest[:12] for digest in texts)
        yield rules.SOURCE_ATTACHED.at(1, words, found=shown, wanted=markdown[:12])
    tree = hashlib.sha256(to_json(edition.issue).encode()).hexdigest()
    if not trees:
        yield rules.SOURCE_ATTACHED.at(1, "the issue's tree is not attached")
    for name, digest in trees.items():
        if digest != tree:
            yield rules.SOURCE_ATTACHED.at(1, "attached is {name}, which is not the issue's tree", name=name)
