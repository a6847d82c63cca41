"""The last touch before the bytes are written: one file that is PDF/A-3a and PDF/UA-1 at once.

WeasyPrint writes one profile at a time and tags two things differently from what the standards want.
Each function works on pydyf's objects and raises RuntimeError when its target is not where this major
version of WeasyPrint puts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kanfa.pdf.limits import FORMULA_MARK

UA_XMP = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>
</rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
"""PDF/UA identification, and the extension schema that PDF/A wants for it (ISO 19005-3, 6.6.2.3)."""


def finish(_document: Any, pdf: Any) -> None:
    """WeasyPrint's `finisher`: identify PDF/UA-1, unnest links, take margins out of the reading order."""
    objects = {item.reference: item for item in pdf.objects if item.number}
    identify(pdf)
    unnest_links(pdf, objects)
    wrap_list_bodies(pdf, objects)
    scope_headers(objects)
    tag_formulas(objects)
    margins_to_artifacts(pdf, objects)


def identify(pdf: Any) -> None:
    """Add the PDF/UA identification to the XMP packet, and leave the packet uncompressed for archivists."""
    packets = [item for item in pdf.objects if (getattr(item, "extra", None) or {}).get("Type") == "/Metadata"]
    if len(packets) != 1 or packets[0].stream[0].count(b"</rdf:RDF>") != 1:
        raise RuntimeError("XMP packet not where expected: WeasyPrint has changed")
    packets[0].compress = False
    packets[0].stream = [packets[0].stream[0].replace(b"</rdf:RDF>", UA_XMP + b"</rdf:RDF>")]


def _kids(element: Any) -> list[Any]:
    kids = element.get("K", [])
    return kids if isinstance(kids, list) else [kids]


def unnest_links(pdf: Any, objects: dict[bytes, Any]) -> None:
    """Leave one annotation for each line of a link.

    WeasyPrint repeats the annotation for every element inside a link (`<a><strong>…`), outside of a Link
    tag, which PDF/UA-1 7.18.5 forbids. The repetitions go; a reader then meets each link once.
    """
    import pydyf

    root = objects[pdf.catalog["StructTreeRoot"]]
    removed: set[bytes] = set()
    todo = [(objects[reference], False) for reference in root["K"]]
    while todo:
        element, inside = todo.pop()
        is_link = element.get("S") == "/Link"
        if is_link and inside:  # a::after within a link
            element["S"] = "/Span"
        kept = []
        for kid in _kids(element):
            child = objects.get(kid) if isinstance(kid, bytes) else None
            if child is not None and child.get("Type") == "/OBJR":
                if inside:
                    removed.add(child["Obj"])
                    child.clear()
                    continue
            elif child is not None:
                todo.append((child, inside or is_link))
            kept.append(kid)
        element["K"] = pydyf.Array(kept)
    if not removed:
        return
    parents = objects[root["ParentTree"]]
    gone = {objects[reference]["StructParent"] for reference in removed}
    pairs = zip(parents["Nums"][::2], parents["Nums"][1::2], strict=True)
    parents["Nums"] = pydyf.Array([part for pair in pairs if pair[0] not in gone for part in pair])
    for page in _pages(objects):
        if "Annots" in page:
            page["Annots"] = pydyf.Array([reference for reference in page["Annots"] if reference not in removed])
    for reference in removed:
        objects[reference].clear()  # an empty object: pydyf counts its offsets by objects, none may vanish


def wrap_list_bodies(pdf: Any, objects: dict[bytes, Any]) -> None:
    """Put what stands bare in a list item into its LBody (ISO 14289-1, 7.6).

    WeasyPrint makes that tag only for items that hold text directly, not for `<li><p>…`.
    """
    import pydyf

    items: list[Any] = [item for item in objects.values() if isinstance(item, dict) and item.get("S") == "/LI"]
    for item in items:
        kept: list[Any] = []
        bare: list[Any] = []
        for kid in _kids(item):
            tag = objects[kid].get("S") if isinstance(kid, bytes) else None
            (kept if tag in {"/Lbl", "/LBody"} else bare).append(kid)
        if not bare:
            continue
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(bare), "Pg": item["Pg"], "P": item.reference}
        )
        pdf.add_object(body)
        objects[body.reference] = body
        for kid in bare:
            if isinstance(kid, bytes):
                objects[kid]["P"] = body.reference
        item["K"] = pydyf.Array([*kept, body.reference])


def scope_headers(objects: dict[bytes, Any]) -> None:
    """Say of each header cell what it heads (ISO 14289-1, 7.5).

    WeasyPrint lists the headers of each cell, but forgets those that span columns. A row of headers only
    heads columns; a header beside data cells heads its row.
    """
    for row in [item for item in objects.values() if isinstance(item, dict) and item.get("S") == "/TR"]:
        cells = [objects[kid] for kid in _kids(row) if isinstance(kid, bytes)]
        scope = "/Row" if any(cell.get("S") == "/TD" for cell in cells) else "/Column"
        for cell in cells:
            attributes = cell.get("A")
            if attributes is None:
                continue
            if cell.get("S") == "/TH":
                attributes["Scope"] = scope
            elif not attributes.get("Headers", True):
                del attributes["Headers"]


def tag_formulas(objects: dict[bytes, Any]) -> None:
    """Tag the pictures of formulas as formulas (ISO 14289-1, 7.7); the writer has marked their alternative texts."""
    import pydyf

    for element in [item for item in objects.values() if isinstance(item, dict) and item.get("S") == "/Figure"]:
        alternative = getattr(element.get("Alt"), "string", "")
        if isinstance(alternative, str) and alternative.startswith(FORMULA_MARK):
            element["S"] = "/Formula"
            element["Alt"] = pydyf.String(alternative.removeprefix(FORMULA_MARK))


def _pages(objects: dict[bytes, Any]) -> Iterator[Any]:
    return (item for item in objects.values() if isinstance(item, dict) and item.get("Type") == "/Page")


def margins_to_artifacts(pdf: Any, objects: dict[bytes, Any]) -> None:
    """Turn marked content outside the tag tree (running header, page number) into artifacts (ISO 14289-1, 7.1)."""
    import pydyf

    tagged: dict[bytes, set[int]] = {}
    todo = [objects[reference] for reference in objects[pdf.catalog["StructTreeRoot"]]["K"]]
    while todo:
        element = todo.pop()
        for kid in _kids(element):
            if isinstance(kid, int):
                tagged.setdefault(element["Pg"], set()).add(kid)
            elif isinstance(kid, bytes):
                todo.append(objects[kid])
    for page in _pages(objects):
        operators = objects[page["Contents"]].stream
        for at, operator in enumerate(operators):
            if operator != b"BDC" or not isinstance(operators[at - 1], dict) or "MCID" not in operators[at - 1]:
                continue
            if operators[at - 1]["MCID"] not in tagged.get(page.reference, ()):
                operators[at - 2], operators[at - 1] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})
