"""What reads badly in a sentence: half-width marks, invisible characters, brackets, quotes, repeated words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from kanfa.findings import Finding
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.hits import Hit, by_line, visible
from kanfa.issue.prose import Passage, Prose, Spot

HAN = "\u3400-\u9fff\uf900-\ufaff〇"
"""Chinese characters, as a class of a regular expression."""
MAX_MATCHES = 200
"""Places in one passage that are reported; more tell nobody more."""

WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
"""Half-width marks and the full-width ones that Chinese text has."""
_HALFWIDTH = re.compile(rf"(?<=[{HAN}])\n?[,;:!?()](?=\n?[{HAN}])")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00a0\u00ad\t\u200e\u200f\u2028\u2029]")
_SPACES = "\u00a0\t"
_DOUBLED_SPACE = re.compile(r"(?<=[^\s]) {2,}(?=[^\s])")
_REPEATED = re.compile(
    r"的的(?!确)|(?<!不)了了|在在|是是(?!非)|和和(?![气美睦乐])|与与|被被|及及|把把(?!关)"
    r"|(我们|他们|它们|可以|以及|进行|使用|支持|需要|通过|或者|如果|因为|所以|但是|已经|这个|那个|问题|功能|版本)\1(?!地)"
    r"|(?<![A-Za-z0-9_.-])(?!(?:that|had|is|do|so|very|no|bye|ha|blah|long|many|far|really)\b)"
    r"([A-Za-z]{2,})[ \n]\n?\2(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
)
_FULLWIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_STRAIGHT = re.compile(rf'(?<=[{HAN}，。：；、！？（])"|"(?=[{HAN}，。：；、！？）])')
_ELLIPSIS = re.compile(rf"(?<=[{HAN}”」》）])\.{{3,}}|(?<!\.)\.{{3,}}(?=[{HAN}“「《（])|。{{3,}}")
_DOUBLED_MARK = re.compile(r"[，、；：]{2,}|(?<!。)。。(?!。)|[，、；：]。|。[，、；：]")
_HEADING_END = re.compile(r"(?<![.A-Z])[。，；：、,;:]$|(?<=[\u3400-\u9fff])\.$")
_PAIRS = {"（": "）", "《": "》", "「": "」", "『": "』", "【": "】", "〈": "〉", "“": "”", "‘": "", "(": ")"}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items() if closing}
_SAME_SORT = {"）": ")", ")": "）"}
_LABEL = re.compile(r"(?:^|[\s；;，,。：:])[0-9a-zA-Z一二三四五六七八九十]{1,2}$")


def hits(prose: Prose) -> Iterator[Hit]:
    """Every hit of the rules about characters and marks; those with `new` are safe to change."""
    for passage in prose.passages:
        yield from islice(_halfwidth(passage), MAX_MATCHES)
        yield from islice(_invisible(passage), MAX_MATCHES)
        if passage.kind != "field":
            yield from islice(_marks(passage), MAX_MATCHES)
            yield from islice(_brackets(passage), MAX_MATCHES)
    yield from islice(_quotes(prose.passages), MAX_MATCHES)


def findings(found: Sequence[Hit], ticks: Sequence[Spot]) -> Iterator[Finding]:
    """What the hits of this module, and the backticks that are never closed, say to the editor."""
    for line in dict.fromkeys(spot.line for spot in ticks):
        yield editorial.BACKTICK_ODD.at(line, "a backtick opens code here that is never closed", quote="`")
    for place in by_line(found):
        shown, quote = place.shown, place.quote
        match place.rule.id:
            case "ISS071":
                yield from _told(place.line, [hit.around(1) for hit in place.hits], quote)
            case "ISS072":
                yield from _counted(place.line, place.hits)
            case "ISS110":
                yield place.rule.at(place.line, "the same word twice: {shown}", quote=quote, shown=shown)
            case "ISS111":
                yield place.rule.at(place.line, "full-width digits or letters: {shown}", quote=quote, shown=shown)
            case "ISS112":
                yield place.rule.at(
                    place.line, "other quotation marks than elsewhere: {shown}", quote=quote, shown=shown
                )
            case "ISS113":
                yield place.rule.at(place.line, "without partner in this paragraph: {shown}", quote=quote, shown=shown)
            case "ISS114":
                yield place.rule.at(place.line, "{shown} stands for an ellipsis; write ……", quote=quote, shown=shown)
            case "ISS115":
                yield place.rule.at(place.line, "two marks in a row: {shown}", quote=quote, shown=shown)
            case "ISS117":
                yield place.rule.at(place.line, "the heading ends with {shown}", quote=quote, shown=shown)
            case "ISS125":
                yield place.rule.at(place.line, "several spaces in a row: {shown}", quote=quote, shown=shown)


def _told(line: int, arounds: Sequence[str], quote: str) -> Iterator[Finding]:
    shown, more = "、".join(f"“{around}”" for around in arounds[:3]), len(arounds) - 3
    if more > 0:
        template = "half-width punctuation between Han characters: {shown} and {more} more"
        yield rules.PUNCT_HALFWIDTH.at(line, template, quote=quote, shown=shown, more=more)
    else:
        template = "half-width punctuation between Han characters: {shown}"
        yield rules.PUNCT_HALFWIDTH.at(line, template, quote=quote, shown=shown)


def _counted(line: int, found: Sequence[Hit]) -> Iterator[Finding]:
    for char in sorted({hit.old for hit in found}):
        times, code = sum(hit.old == char for hit in found), f"{ord(char):04X}"
        if times > 1:
            yield rules.CHAR_INVISIBLE.at(
                line, "U+{code} stands here {times} times", quote=char, code=code, times=times
            )
        else:
            yield rules.CHAR_INVISIBLE.at(line, "U+{code} stands here", quote=char, code=code)


def _halfwidth(passage: Passage) -> Iterator[Hit]:
    """Marks between Han characters; of two brackets both, so that they keep one width."""
    text = passage.text
    places = {match.end() - 1 for match in _HALFWIDTH.finditer(text)}
    partners = _partners(text) if any(text[at] in "()" for at in places) else {}
    places |= {partners[at] for at in places if at in partners}
    for at in sorted(places):
        safe = text[at] not in "()" or at in partners
        yield Hit(rules.PUNCT_HALFWIDTH, passage, at, at + 1, WIDE[text[at]] if safe else None)


def _partners(text: str) -> dict[int, int]:
    """For each plain bracket that has one, where its partner stands."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for at, char in enumerate(text):
        if char == "(":
            stack.append(at)
        elif char == ")" and stack:
            opening = stack.pop()
            found |= {opening: at, at: opening}
    return found


def _invisible(passage: Passage) -> Iterator[Hit]:
    """At the beginning of a line only an editor can tell what Markdown shall make of the rest."""
    for match in _INVISIBLE.finditer(passage.text):
        new = None if passage.begins_line(match.start()) else " " if match[0] in _SPACES else ""
        yield Hit(rules.CHAR_INVISIBLE, passage, match.start(), match.end(), new)


def _marks(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    for match in _REPEATED.finditer(text):
        yield Hit(editorial.WORD_REPEATED, passage, match.start(), match.end())
    for match in _FULLWIDTH.finditer(text):
        plain = "".join(chr(ord(char) - 0xFEE0) for char in match[0])
        new = None if passage.begins_line(match.start()) else plain  # `1.` would begin a list
        yield Hit(editorial.LATIN_FULLWIDTH, passage, match.start(), match.end(), new)
    for match in _ELLIPSIS.finditer(text):
        yield Hit(editorial.ELLIPSIS, passage, match.start(), match.end(), "……")
    for match in _DOUBLED_MARK.finditer(text):
        yield Hit(editorial.MARKS_DOUBLED, passage, match.start(), match.end())
    for match in _DOUBLED_SPACE.finditer(text):
        if passage.spot(*match.span()):  # else a comment or a mark stands between them
            said = visible(text[max(0, match.start() - 4) : match.end() + 4])
            yield Hit(editorial.SPACE_DOUBLED, passage, match.start(), match.end(), " ", said)
    if passage.kind == "heading" and (ending := _HEADING_END.search(text.rstrip())):
        yield Hit(editorial.HEADING_MARK, passage, ending.start(), ending.end())


def _brackets(passage: Passage) -> Iterator[Hit]:
    """Brackets without partner. Plain `(` and `)` count only beside full-width ones: smileys and `a)` are many."""
    if passage.kind == "html":  # tags cut its text into pieces
        return
    stack: list[tuple[str, int]] = []
    for at, char in enumerate(passage.text):
        if _PAIRS.get(char):
            stack.append((char, at))
        elif char in _CLOSING:
            yield from _closed(passage, at, char, stack)
    yield from (_lone(passage, at) for char, at in stack if char != "(")


def _closed(passage: Passage, at: int, char: str, stack: list[tuple[str, int]]) -> Iterator[Hit]:
    wanted = _CLOSING[char]
    if stack and stack[-1][0] == wanted:
        stack.pop()
    elif stack and stack[-1][0] == _CLOSING.get(_SAME_SORT.get(char, ""), ""):
        opening, begun = stack.pop()
        yield Hit(editorial.BRACKET_UNMATCHED, passage, at, at + 1, said=f"{opening}…{char}")
    elif any(opening == wanted for opening, _ in stack):
        while stack[-1][0] != wanted:
            opening, begun = stack.pop()
            if opening != "(":
                yield _lone(passage, begun)
        stack.pop()
    elif char != ")" and not (char == "）" and _LABEL.search(passage.text[:at])):
        yield _lone(passage, at)


def _lone(passage: Passage, at: int) -> Hit:
    return Hit(editorial.BRACKET_UNMATCHED, passage, at, at + 1)


def _quotes(passages: Sequence[Passage]) -> Iterator[Hit]:
    """Straight quotation marks in Chinese, and of “…” and 「…」 the rarer kind. Titles in 《…》 keep their own."""
    kinds: dict[str, list[Hit]] = {"“": [], "「": []}
    for passage in passages:
        for match in _STRAIGHT.finditer(passage.text):
            yield Hit(editorial.QUOTES_MIXED, passage, match.start(), match.end())
        depth = 0
        for at, char in enumerate(passage.text):
            depth += (char == "《") - (char == "》")
            if char in kinds and depth <= 0:
                kinds[char].append(Hit(editorial.QUOTES_MIXED, passage, at, at + 1))
    rarer, other = sorted(kinds.values(), key=len)
    if len(rarer) < len(other):
        yield from rarer
