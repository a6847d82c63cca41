"""Warnings about tables, and addresses that stand nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from kanfa.findings import Finding
from kanfa.parity import fold_address
from kanfa.wechat.checks.article import Article, is_nested
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.reading import addresses
from kanfa.wechat.rules import advice as rule
from kanfa.wechat.style import value_of
from kanfa.wechat.transforms.tables import columns_of
from kanfa.wechat.tree import path_of, styles


def tables(article: Article) -> Iterator[Finding]:
    """Tables fit a phone, do not rely on column widths, and hold no tables."""
    outer = [table for table in article.elements("table") if not is_nested(table)]
    for index, table in enumerate(outer):
        line = article.line_of_table(index)
        if (count := columns_of(table)) > LIMITS.table_columns.value:
            message, most = "{count} columns; {most} fit", LIMITS.table_columns.value
            yield rule.TABLE_COLUMNS.at(line, message, count=count, most=most, element=path_of(table))
        cells = list(table.iter("td", "th"))
        if any("width" in cell.attrib or value_of(styles(cell), "width") for cell in cells):
            yield rule.TABLE_WIDTH.at(line, "cells have widths", element=path_of(table))
        if any(True for _ in table.iterdescendants("table")):
            yield rule.NESTED_TABLE.at(line, "a table in a table", element=path_of(table))


def listed(article: Article) -> Iterator[Finding]:
    """Every address of the issue stands in one of its articles, as a live link or in full."""
    if not article.is_last:
        return
    shown = {fold_address(address) for body in (*article.before, article.body) for address in addresses(body)}
    missing = {link.href: link.line for link in reversed(list(article.issue.links()))}
    for href, line in reversed(missing.items()):
        if fold_address(href) not in shown:
            yield rule.URL_NOT_LISTED.at(line, "{href} stands nowhere", quote=href, href=href)


TABLE_TEXT_CHECKS = (tables, listed)
