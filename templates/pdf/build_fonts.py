"""Rebuild the fonts of the PDF edition.

    uv run build_fonts.py                               fetch the packages with npm, write into fonts/
    uv run build_fonts.py --check                       build elsewhere and compare with fonts/
    uv run build_fonts.py --package noto-sans-sc=DIR    take that package from an unpacked folder

Noto Sans SC is cut down to the characters of `wanted_characters()` and gets a glyph of its own for each character and
the spacing feature `chws`. Noto Sans KR is cut down to Hangul, so that it never takes part in a Chinese line. Noto
Emoji, DejaVu Sans and DejaVu Sans Mono are copied unchanged. Every input is pinned by SHA-256, and the time stamp is
fixed, so two builds with the same versions of fonttools and chws-tool give the same bytes.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "chws-tool==1.4.5"]
# ///

from __future__ import annotations

import argparse
import copy
import filecmp
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "FONTS",
    "PACKAGES",
    "BuildError",
    "Font",
    "Package",
    "build",
    "common_hangul",
    "hangul",
    "main",
    "wanted_characters",
]

MAX_BYTES = 4_500_000
"""Largest font file, in bytes, that may go into the repository."""

BUILD_TIME = "1700000000"
"""SOURCE_DATE_EPOCH of every build, in seconds (2023-11-14); any fixed value does."""

FEATURES = ("kern", "halt", "palt", "locl", "ccmp", "liga", "mark")
"""OpenType features kept; `halt` is what add-chws derives `chws` from."""

CHECKSUMS = "SHA256SUMS"
"""List of the fonts as `sha256sum` writes it; Kanfa refuses a folder in which one is missing or differs."""

DROPPED_TABLES = ("vhea", "vmtx", "STAT", "gasp", "prep")
"""Tables for vertical text, variable fonts and hinting, none of which a PDF page uses."""

GB2312 = (range(0xA1, 0xF8), tuple(range(0xA1, 0xFF)))
"""Lead and trail bytes of GB 2312: symbols, kana, level 1 and level 2."""

BIG5_LEVEL_1 = (range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
"""Lead and trail bytes of the frequent characters of Big5, for quotes in traditional script."""

JIS_LEVEL_1 = (range(0xB0, 0xD0), tuple(range(0xA1, 0xFF)))
"""Lead and trail bytes of the frequent kanji of JIS X 0208 in EUC-JP, for Japanese names and titles."""

KS_X_1001 = (range(0xB0, 0xC9), tuple(range(0xA1, 0xFF)))
"""Lead and trail bytes of the 2,350 Hangul syllables of KS X 1001 in EUC-KR."""

HANGUL = ((0x1100, 0x1200), (0x3130, 0x3190), (0xA960, 0xA980), (0xAC00, 0xD800))
"""Code point ranges (end excluded) of Korean letters and syllables."""

SPACES = {0x0020, 0x00A0, *range(0x2000, 0x200C), 0x3000}
"""Spaces that every font needs: Pango takes a space from the font of the character before it, without asking it."""

BLOCKS = (
    (0x0020, 0x0250),  # Latin
    (0x0300, 0x0370),  # combining marks
    (0x0370, 0x0530),  # Greek, Cyrillic
    (0x1E00, 0x1F00),  # Vietnamese
    (0x2000, 0x2C00),  # punctuation, currency, arrows, mathematics, enclosed, boxes, shapes, symbols
    (0x2E00, 0x2FE0),  # two-em dash, radicals
    (0x3000, 0x3130),  # CJK punctuation, kana, bopomofo
    (0x31F0, 0x3400),  # kana extensions, enclosed and squared CJK
    (0xF900, 0xFB00),  # compatibility Han
    (0xFE10, 0xFE70),  # vertical and small forms
    (0xFF00, 0xFFF0),  # full-width and half-width forms
)
"""Code point ranges (end excluded) wanted beside the character sets; what the source font lacks is left out."""

TABLE_OF_STANDARD_CHARACTERS = """
㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮
䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮丏乂乸
亶亸亹伈伣伭伾佁佖佸佽侁侂侘侴侹俍俙俫俶倓倕倞倧倴倻偁偓偡偰傃傉傒傕僔僰儦儴冏冔
冮凓凘刬剅剕剟劄劼勍勔勚勠匜匼卬厖厾叆叇叕叚吽呇呣咇咉咍咡咥咺哃哢哱唝唵啫啰啴喆
喤嗐嗞嘚嘡噀噇嚄嚚嚭囷圌圐圙圢圫圲坉坋坒坥坬坰坽垈垍垎垏垕垙垚垞垟垯垱垵垺垾垿埆
埇埌埗埪埫埵堃堌堎堐堧堨堲堼堽堾塅塆塝塱墈墐墕墘墡墣壸夐夬奓奡妘妧妭姈姞姤姮姱姽
娀娵婌婍婘婞婠婤婫婳婻婼媂媄媆媓媖媞媭媱嫄嫕嫚嫪嫭嫽嬛嬥嬿孅孖宧宬寁尨尪屃屼屾岊
岞岠峂峃峗峘峛峣峧峱峿崀崄崌崒崚崟崡崶崿嵁嵅嵎嵖嵚嵲嶅嶍嶒嶓嶟嶦嶲巇帡帨幖幪庤庱
庼廆廋廙弆弇弢弨弶弸彟彧徛忞忳忺恓恔悆悈悢悰惎惔惙惛愃愐愔愭慆慥慬慭憕憙憭憺戣戭
扂扅扆扊扞扺扽抃抔拃拤挓挦捯捽掞揕揳搒摏摛摴摽擿攽敩斝斠斶旐旞旴旵旸旻旿昄昈昉昒
昡昣昪昫昳昺昽晊晐晙晢晪晫晱暅暕暲暵暶暿曈曌朏朓朳朸杄杕杙杧杻枅枍枲枹柈柖柷栐栒
栟栻桯桲桹梌梠梣梴梽梾梿棁棐棓棤棨棪棫棬棽椆椑椓椪椸楒楙楩楪榃榅榑榖榰槚槜槱橑橞
橦檞櫆欂欸欻歅殣毌毐氿汈汋汧汫汭沄沇沚沨沺泂泃泇泙泚洈洑洓洘洢洣洨洭洴洺洿浉浐浕
浛浟浡浭浰浲涄涍涐涘涢涴淏淜淟淯淴渟渰渼湉湑湜湝湴溁溇溍溚溞溠溦溵溹滃滆滉滍滘滧
滪滫漈漋漖漦漴漷漹漻漼潏潖潩潵潽潾澂澛澥澪澭澼澽濋瀌瀍瀔瀱瀼灈炆炌炘炟炣烔烜烝烠
烶烺烻焆焌焗焞煁煃煋煓煟煴熇熛熜熥熻燊燋燏燚爇爔爚爟牁牂牚牤牥牻犇犨狉狝猄猇猯猰
猺獴玃玒玓玕玘玙玚玞玠玡玤玦玭玱玶玹玼玿珅珇珋珌珒珕珖珛珝珢珣珦珫珰珵珷珸珹珺珽
琀琄琇琈琎琔琟琡琤琫琭琲瑀瑂瑃瑄瑅瑆瑑瑓瑔瑖瑝瑢瑧瑨瑬瑱璆璈璒璠璥璪璬璮璱璲瓀瓘
瓻甗甡甪畖畤畬畯疁疍疐疭痓瘆癗癿皕皛皞皦皭盉盦盷眊眬睄睎瞫矞矰矻矼砄砆砫砮砵硁硊
硍硔硙硚碃碈碏碨碶磏磜磡磹磻礌礵祃祊祋祎祏祲祼祾禋禒禔禘禛禤秬秾稌稑稙穄穙穜穟窅
窊窎窣窸竑竘竫笯筀筜筤筥筦筶筼箓箖篯簃簉簕簝簠簰粿糒糵絜縠縢繄纮纴纻纼绖绤绹缊缐
缞罍罶罽羑羓羕羖羱翀翂翃翈翙翚翛翯翷翾耇耏耤耰肸胈胠胣脟脿腒腘腨腯膙臑臜舠舥舲艅
艎芃芠芼苉苾茀茋茓茝茽荁荄荓荖荙莙莝莿菂菉菍菼萚萣萳萹葖葰葴蒄蒟蒨蒱蒻蓂蓇蓏蓢蔃
蔈蔊蕰薁薢薳薸薿藟藠藦藨蘘虒虓虤虷虸蚄蚆蚲蛃蜎蜐蝘蝲螠螣螱蟏蟫蠋衃衎衒衠袆袗袪袯
裈裛褟褯襕襚襜襫觃觟觭觱觿訄訚詟讱讻诇诐谞谼豨豮貆赑赒赗赟赪趯跂跐跱跶踒踦踶蹅蹐
蹚蹜蹢蹽蹾轪辀辌辒逴遆遹邘邠邨邲邽邿郈郚郤郪郿鄀鄃鄅鄌鄑鄚鄜鄠鄫酂酅酦酺醨醾鋆钖
钘铏铚铻锜锧锳锽镃镈镋镕镚镠镮镴镵闿阇阘陎陑隃隩隺雱霅霨靬靰靸靺靽靿鞁鞡鞧鞨鞬鞮
鞳韂韨颋颎颙飏飐飔飗饳饸饹饻馃馉馌馝馞馧驲骃骉骍骎骕骙骦髃髎髢髽鬒鬘鬶鬷魆魋鱽鱾
鲀鲃鲉鲊鲌鲏鲖鲗鲘鲙鲝鲪鲬鲯鲹鲾鲿鳀鳁鳂鳈鳉鳑鳒鳚鳛鳠鳡鳣鳤鸤鸧鸮鸰鸻鸼鹀鹍鹐鹒
鹔鹖鹙鹝鹟鹠鹡鹢鹮鹯鹲鹴麀麑麖黇黡鼒鼩鼫鼱齁齇齉龁龂龢鿍鿎鿏𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛
𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣
𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇
𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯
𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖
𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓
"""
"""The characters of the Table of General Standard Chinese Characters (2013) which none of the sets above holds.

1 of level 1, 169 of level 2 and 1,216 of level 3, chiefly for names. Source: property kTGH of the Unicode Han Database.
"""


SPOKEN = "囧槑烎兲囍龘頔靚嘅咗喺嘢冚佢哋嚟啲咁嘥俾噉乜冧髙朶"
"""Characters of the net, of Cantonese and of personal names that readers meet although none of the sets holds them all.

Source: own list.
"""


class BuildError(Exception):
    """A package cannot be had, an input is not the pinned one, or a result breaks a limit."""


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package that holds source fonts."""

    name: str
    """Name in the npm registry."""
    version: str
    """Exact version."""


@dataclass(frozen=True, slots=True)
class Font:
    """One file of the folder `fonts/` and where it comes from."""

    target: str
    """File name in `fonts/`."""
    package: str
    """Key into `PACKAGES`."""
    member: str
    """Path inside the package."""
    sha256: str
    """Hash of the source file, in hexadecimal."""
    characters: Callable[[], set[int]] | None = None
    """The code points to reduce the font to; None = copy it."""
    chws: bool = False
    """Whether a reduced font gets the spacing feature."""


def wanted_characters() -> set[int]:
    """Return the code points Noto Sans SC is cut down to; some of them are not in the source font."""
    wanted = _decoded("gb2312", *GB2312) | _decoded("big5", *BIG5_LEVEL_1) | _decoded("euc_jp", *JIS_LEVEL_1)
    wanted.update(ord(char) for char in TABLE_OF_STANDARD_CHARACTERS + SPOKEN if not char.isspace())
    for first, end in BLOCKS:
        wanted.update(range(first, end))
    return wanted


def common_hangul() -> set[int]:
    """Return the letters and the frequent syllables of Korean."""
    return _decoded("euc_kr", *KS_X_1001) | set(range(0x3130, 0x3190)) | SPACES


def hangul() -> set[int]:
    """Return every letter and syllable of Korean."""
    return {code for first, end in HANGUL for code in range(first, end)} | SPACES


def _decoded(codec: str, leads: Iterable[int], trails: Sequence[int]) -> set[int]:
    """Return the code points of all byte pairs that the codec knows."""
    texts = (bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return {ord(char) for text in texts for char in text}


PACKAGES = {
    "noto-sans-sc": Package("@expo-google-fonts/noto-sans-sc", "0.4.3"),
    "noto-emoji": Package("@expo-google-fonts/noto-emoji", "0.4.7"),
    "noto-sans-kr": Package("@expo-google-fonts/noto-sans-kr", "0.4.3"),
    "dejavu": Package("dejavu-fonts-ttf", "2.37.3"),
}
"""The packages by the short name that `--package` takes."""

FONTS = (
    Font(
        "NotoSansSC-Regular.ttf",
        "noto-sans-sc",
        "400Regular/NotoSansSC_400Regular.ttf",
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
        wanted_characters,
        chws=True,
    ),
    Font(
        "NotoSansSC-Bold.ttf",
        "noto-sans-sc",
        "700Bold/NotoSansSC_700Bold.ttf",
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
        wanted_characters,
        chws=True,
    ),
    Font(
        "NotoEmoji-Regular.ttf",
        "noto-emoji",
        "400Regular/NotoEmoji_400Regular.ttf",
        "24aaa2a20c9c06ffe9bf04284bfd1f14376a329d10122f902abe2770817eb504",
    ),
    Font(
        "NotoSansKR-Regular.ttf",
        "noto-sans-kr",
        "400Regular/NotoSansKR_400Regular.ttf",
        "8cbc9b353bb9ce848fd69bb6a507319dfacc659cf5fd643db5d88f3c4970e1dd",
        hangul,
    ),
    Font(
        "NotoSansKR-Bold.ttf",
        "noto-sans-kr",
        "700Bold/NotoSansKR_700Bold.ttf",
        "4ffa20c272ae6d689f7c8d34ff9c8039a326e9c334d9fc8852b2a7396227d077",
        common_hangul,
    ),
    Font(
        "DejaVuSans.ttf",
        "dejavu",
        "ttf/DejaVuSans.ttf",
        "7da195a74c55bef988d0d48f9508bd5d849425c1770dba5d7bfc6ce9ed848954",
    ),
    Font(
        "DejaVuSans-Bold.ttf",
        "dejavu",
        "ttf/DejaVuSans-Bold.ttf",
        "e6476c1b80502924294eed40894c5b18e06c181444ca953e5334262df9c27724",
    ),
    Font(
        "DejaVuSansMono.ttf",
        "dejavu",
        "ttf/DejaVuSansMono.ttf",
        "b4a6c3e4faab8773f4ff761d56451646409f29abedd68f05d38c2df667d3c582",
    ),
    Font(
        "DejaVuSansMono-Bold.ttf",
        "dejavu",
        "ttf/DejaVuSansMono-Bold.ttf",
        "bce60f1b4421acd9ea51ba6623d7024ecbe6817a953e3654df62a5e6bdf8f769",
    ),
)
"""Every font of the PDF edition."""

LICENCES = (
    ("OFL.txt", "noto-sans-sc", "LICENSE_FONT", "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9"),
    (
        "OFL-NotoEmoji.txt",
        "noto-emoji",
        "LICENSE_FONT",
        "500bb1ccf43df7bbb522112f9133a52b16e1c35e809632f5d8609b179152de5b",
    ),
    ("DejaVu-LICENSE.txt", "dejavu", "LICENSE", "7a083b136e64d064794c3419751e5c7dd10d2f64c108fe5ba161eae5e5958a93"),
)
"""Licence texts, copied as they are: file in `fonts/`, package, path inside the package, SHA-256."""


def build(folders: dict[str, Path], target: Path) -> list[Path]:
    """Write all fonts, their list of hashes and the licence texts into `target`.

    `folders` maps each key of `PACKAGES` to its unpacked folder. Returns the files written. Raises `BuildError` if an
    input is missing or not the pinned one, or if a font would pass `MAX_BYTES`.
    """
    os.environ["SOURCE_DATE_EPOCH"] = BUILD_TIME
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for font in FONTS:
        source = _pinned(folders[font.package] / font.member, font.sha256)
        result = target / font.target
        if font.characters is not None:
            _cut(source, result, font)
        else:
            shutil.copyfile(source, result)
        if result.stat().st_size > MAX_BYTES:
            raise BuildError(f"{result.name} has {result.stat().st_size:,} bytes, more than {MAX_BYTES:,}")
        written.append(result)
    for name, package, member, sha256 in LICENCES:
        shutil.copyfile(_pinned(folders[package] / member, sha256), target / name)
        written.append(target / name)
    fonts = sorted(target / font.target for font in FONTS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in fonts]
    (target / CHECKSUMS).write_text("".join(lines), encoding="ascii")
    written.append(target / CHECKSUMS)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 = done, 1 = failed or, with `--check`, different."""
    parser = argparse.ArgumentParser(description="Rebuild the fonts of the PDF edition.")
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="KEY=DIR",
        help=f"unpacked package folder instead of npm; KEY is one of {', '.join(PACKAGES)}",
    )
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("fonts"), help="default: %(default)s")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; compare a fresh build with the output folder"
    )
    options = parser.parse_args(arguments)
    try:
        given = _given(options.package)
        with tempfile.TemporaryDirectory(prefix="kanfa-fonts-") as name:
            scratch = Path(name)
            folders = {key: given.get(key) or _fetched(package, scratch / key) for key, package in PACKAGES.items()}
            written = build(folders, scratch / "built" if options.check else options.output)
            for path in written:
                print(f"{path.stat().st_size:>9,}  {path.name}")
            changed = [path.name for path in written if options.check and not _same(path, options.output / path.name)]
    except BuildError as error:
        print(f"build_fonts: {error}", file=sys.stderr)
        return 1
    if changed:
        print(f"build_fonts: differs from {options.output}: {', '.join(changed)}", file=sys.stderr)
    return 1 if changed else 0


def _cut(source: Path, target: Path, wanted: Font) -> None:
    """Reduce the font to the wanted characters, then add `chws` if it is to have it."""
    # Loaded by name: only this script needs these two packages, and neither ships type information.
    ttlib, subset = importlib.import_module("fontTools.ttLib"), importlib.import_module("fontTools.subset")
    chws_tool = importlib.import_module("chws_tool")
    font = ttlib.TTFont(source, recalcTimestamp=False)
    if "fvar" in font:
        raise BuildError(f"{source.name} is a variable font, which renders twenty times slower; take a static one")
    options = subset.Options()
    options.layout_features = list(FEATURES)
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += DROPPED_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted.characters() if wanted.characters else ())
    subsetter.subset(font)
    _separate(font)
    if not wanted.chws:
        font.save(target)
        return
    with tempfile.TemporaryDirectory(prefix="kanfa-fonts-") as scratch:
        plain = Path(scratch) / target.name
        font.save(plain)
        if chws_tool.add_chws(plain, target) is None:
            raise BuildError(f"add-chws found nothing to add to {source.name}")


def _separate(font: Any) -> None:
    """Give every character its own glyph, which is the only way a PDF can tell · from • when its text is copied.

    A PDF stores one text for each glyph. The original glyph, which the spacing features know, stays with the
    character that GBK holds.
    """
    sharers: dict[str, list[int]] = {}
    for code, glyph in font.getBestCmap().items():
        sharers.setdefault(glyph, []).append(code)
    for glyph, codes in sharers.items():
        _, *others = sorted(codes, key=lambda code: (not chr(code).encode("gbk", "ignore"), code))
        for code in others:
            name = f"{glyph}.u{code:04X}"
            font["glyf"][name] = copy.deepcopy(font["glyf"][glyph])
            font["hmtx"][name] = font["hmtx"][glyph]
            for table in font["cmap"].tables:
                if table.isUnicode() and code in table.cmap:
                    table.cmap[code] = name


def _pinned(path: Path, sha256: str) -> Path:
    """Return the path if the file has that hash."""
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise BuildError(f"cannot read {path}: {error.strerror}") from error
    if found != sha256:
        raise BuildError(f"{path} has SHA-256 {found}, expected {sha256}")
    return path


def _given(pairs: Iterable[str]) -> dict[str, Path]:
    """Read the values of `--package`."""
    folders = {}
    for pair in pairs:
        key, sign, folder = pair.partition("=")
        if not sign or key not in PACKAGES:
            raise BuildError(f"--package wants KEY=DIR with KEY one of {', '.join(PACKAGES)}, not “{pair}”")
        folders[key] = Path(folder)
    return folders


def _fetched(package: Package, folder: Path) -> Path:
    """Fetch the package with `npm pack` and return the folder it unpacks to."""
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm is not installed; unpack the packages yourself and name them with --package")
    folder.mkdir()
    command = [npm, "pack", f"{package.name}@{package.version}", "--silent"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(f"npm pack {package.name}@{package.version} failed: {result.stderr.strip()}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _same(left: Path, right: Path) -> bool:
    """Tell whether both files exist with the same bytes."""
    return right.is_file() and filecmp.cmp(left, right, shallow=False)


if __name__ == "__main__":
    sys.exit(main())
