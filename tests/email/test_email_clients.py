"""What mail programs support: the reduced data, the weights of a publication, what a mail uses, what is said of it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from email_faults import Case, adding, before_body_end, email, findings_of, in_head, style
from email_samples import paragraph

from kanfa.email import FORMAT, mjml
from kanfa.email.baseline import ENGINE_FEATURES
from kanfa.email.clients import exempt, update
from kanfa.email.clients.detect import of_sheet, of_style, uses
from kanfa.email.clients.names import keys_of
from kanfa.email.clients.support import IGNORED, NOTED, REQUIRED, WANTED, support
from kanfa.email.clients.table import table
from kanfa.email.clients.weights import DEFAULTS, WEIGHTS, unknown, weights
from kanfa.email.mail import Mail
from kanfa.errors import PublicationError
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication, parse_publication

# ---------------------------------------------------------------- the data


def test_the_table_is_small_dated_and_comes_with_its_licence() -> None:
    folder = files("kanfa.email.clients")
    assert len(folder.joinpath("caniemail.json").read_bytes()) < 50_000
    licence = folder.joinpath("LICENSE-caniemail.txt").read_text(encoding="utf-8")
    assert "Rémi Parmentier" in licence
    assert "MIT" in licence
    known = table()
    assert (len(known.features), len(known.clients)) == (307, 48)
    assert known.edition == f"{known.date} ({update.PACKAGE} {update.VERSION})"


def test_manifest_doctor_and_catalogue_name_the_edition_of_the_data() -> None:
    assert FORMAT.ready is not None
    assert FORMAT.ready() == {"caniemail data": table().edition}
    assert table().edition in next(rule for rule in FORMAT.rules if rule.id == "EML100").source


def test_the_last_version_in_file_order_counts_without_its_note_marks() -> None:
    """`2019` stands behind `2024-01` where the data says so: sorting would take the wrong one."""
    assert update.last_of({"2024-01": "n", "2019": "a #2 #3"}) == "a"
    assert update.last_of({}) == "u"
    with pytest.raises(ValueError, match="unknown support"):
        update.last_of({"1": "maybe"})


def test_data_is_reduced_to_one_letter_for_each_client() -> None:
    feature = {"slug": "css-gap", "title": "gap", "category": "css", "stats": {"b": {"ios": {"1": "y", "2": "n #1"}}}}
    other = {"slug": "html-wbr", "title": "<wbr> element", "category": "html", "stats": {"a": {"web": {"1": "y"}}}}
    nice = {"family": {"a": "A", "b": "B"}, "platform": {"ios": "iOS", "web": "Webmail"}}
    raw = {"last_update_date": "2026-05-13 14:45:41 +0000", "nicenames": nice, "data": [other, feature]}
    reduced = update.reduced(raw)
    assert reduced["date"] == "2026-05-13"
    assert reduced["clients"] == {"a.web": ["A", "Webmail"], "b.ios": ["B", "iOS"]}
    assert [row[2] for row in reduced["features"].values()] == ["un", "yu"]
    assert update.text_of(reduced).count("\n") == 12


def test_a_feature_that_nothing_recognises_stops_the_reduction() -> None:
    """New data never loses a feature in silence."""
    with pytest.raises(ValueError, match="css-novelty"):
        keys_of("css-novelty", "Something (new)", "css")


def test_no_two_features_share_a_key_and_every_exemption_names_one() -> None:
    known = table()
    keys = [key for slug, key in ((slug, key) for key, slug in known.slugs.items())]
    assert len(keys) == len(set(keys))
    groups = (*exempt.FUNDAMENTAL, *exempt.GRACEFUL, *exempt.ENHANCING)
    assert all(reason and slugs for reason, slugs in groups)
    assert exempt.of(groups) | exempt.NAMED | ENGINE_FEATURES <= set(known.features)
    assert not exempt.of(exempt.FUNDAMENTAL) & (exempt.of(exempt.GRACEFUL) | exempt.NAMED)


# ---------------------------------------------------------------- weights


def test_the_nearest_pattern_counts() -> None:
    found = weights(table().clients, {"outlook": "wanted", "outlook.windows": "ignored", "yahoo.*": "required"})
    assert found["outlook.macos"] == "wanted"
    assert found["outlook.windows"] == "ignored"
    assert found["yahoo.ios"] == "required"
    assert found["gmail.ios"] == "required"
    assert found["gmail.mobile-webmail"] == "wanted"


def test_every_default_names_a_client_and_every_family_has_one() -> None:
    clients = table().clients
    assert unknown(DEFAULTS, clients) is None
    assert {client.partition(".")[0] for client in clients} <= set(DEFAULTS)
    assert set(DEFAULTS.values()) == set(WEIGHTS)


@pytest.mark.parametrize(
    ("pattern", "known"), [("qq", "aol, apple-mail"), ("outlook.linux", "outlook.android, outlook.ios"), ("x.*", "aol")]
)
def test_a_pattern_that_names_no_client_is_one_clear_error(pattern: str, known: str) -> None:
    source = f'[email.clients]\n"gmail" = "noted"\n"{pattern}" = "ignored"\n'
    with pytest.raises(PublicationError) as caught:
        parse_publication(source, "kanfa.toml")
    assert f"“{pattern}”" in str(caught.value)
    assert known in str(caught.value)


def test_the_heaviest_client_decides_and_partial_support_weighs_less() -> None:
    flex, wbr = table().features["css-column-count"], table().features["html-wbr"]
    assert "outlook.windows" in flex.failing
    assert support({}).verdict(flex).level == REQUIRED
    assert support({}).verdict(wbr).level == NOTED  # lines break elsewhere, nothing is lost
    assert support({}).verdict(flex, in_blocks_only=True).level == NOTED
    nobody = dict.fromkeys(DEFAULTS, "ignored") | {"outlook.windows": "wanted"}
    assert support(nobody).verdict(flex).level == WANTED  # type: ignore[arg-type]
    assert support(dict.fromkeys(DEFAULTS, "ignored")).verdict(flex).level == IGNORED
    background = table().features["css-background-size"]
    only_partly = dict.fromkeys(DEFAULTS, "ignored") | dict.fromkeys(background.partial, "required")
    assert support(only_partly).verdict(background).level == WANTED  # type: ignore[arg-type]


# ---------------------------------------------------------------- detection


def test_declarations_are_taken_apart_into_properties_values_words_functions_and_units() -> None:
    found = of_style("/* note */display:flex;width:calc(100% - 2rem);--x:1;color:rgb(0 0 0);float:left!important")
    wanted = (
        "property display", "value display flex", "function calc", "unit %", "unit rem", "property --", "function rgb",
        "property float", "word !important", "comment css",
    )  # fmt: skip
    assert {key: found[key] for key in wanted} == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize(
    ("css", "keys"),
    [
        ("@media only screen and (prefers-color-scheme: dark) { p { gap: 1px } }",
         {"at media", "media prefers-color-scheme", "selector type", "property gap"}),
        ("a:hover, .x .y { }", {"pseudo hover", "selector grouping", "selector class", "selector descendant"}),
        (".x.y > #z + a ~ b {}",
         {"selector chaining", "selector child", "selector adjacent-sibling", "selector general-sibling"}),
        ("* [data-x] {}", {"selector universal", "selector attribute", "selector descendant"}),
        ("li:nth-child(2)::marker {}", {"pseudo nth-child", "pseudo marker"}),
        (".x { color: red; .y { color: blue } }", {"nesting css"}),
        ("@font-face { font-family: x } @import 'x'; @supports (gap: 1px) { b { gap: 1px } }",
         {"at font-face", "at import", "at supports", "property gap"}),
    ],
)  # fmt: skip
def test_style_sheets_are_taken_apart_without_regular_expressions(css: str, keys: set[str]) -> None:
    assert keys <= set(of_sheet(css))


def test_a_selector_of_one_class_is_no_chain() -> None:
    assert set(of_sheet("p.x a { color: red }")) & {"selector chaining", "selector child"} == set()


def test_elements_attributes_links_and_pictures_are_found_with_count_and_first_place(issue: Issue) -> None:
    html = (
        "<body><img src='https://x.example/a.WEBP?b.png' srcset='x'><img src='data:image/png;base64,x'>"
        "<a href='#a'>x</a><a href='mailto:a@x.example'>x</a><input type='checkbox'><wbr><wbr></body>"
    )
    found = uses(Mail(html, issue, Publication(), {}))
    assert found["tag wbr"].count == 2
    assert getattr(found["tag wbr"].element, "tag", "") == "wbr"
    for key in ("image webp", "image base64", "attribute srcset", "link fragment", "link mailto"):
        assert found[key].count == 1
    assert 'input input type="checkbox"' in found


# ---------------------------------------------------------------- the engine's own features

MINIMAL = """<mjml lang="zh-CN" dir="ltr"><mj-head><mj-title>题</mj-title></mj-head>
<mj-body width="600px" background-color="#ffffff"><mj-wrapper><mj-section background-color="#ffffff"><mj-column>
<mj-text>字</mj-text><mj-image src="https://x.example/a.png" alt="字" width="10px" /><mj-divider /><mj-spacer />
<mj-button href="https://x.example/">字</mj-button><mj-table><tr><td>字</td></tr></mj-table>
</mj-column></mj-section></mj-wrapper></mj-body></mjml>"""


def test_the_baseline_is_what_the_engine_writes_today(issue: Issue) -> None:
    """An engine that begins or ceases to write something shows here, and somebody decides."""
    known = table()
    found = {
        known.slugs[key] for key in uses(Mail(mjml.to_html(MINIMAL), issue, Publication(), {})) if key in known.slugs
    }
    lacking = {slug for slug in found if known.features[slug].failing | known.features[slug].partial}
    assert lacking - exempt.of(exempt.FUNDAMENTAL) == ENGINE_FEATURES


# ---------------------------------------------------------------- findings

CASES = [
    Case("EML100", *style("column-count:2")),
    Case("EML101", *before_body_end('<map name="x"></map>')),
    Case("EML102", *style("box-shadow:none")),
    Case("EML102", *in_head("<style>.x { column-count: 2; }</style>")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_weight_has_its_rule_and_fires_once(
    case: Case, issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    rules = {"EML100", "EML101", "EML102"}
    found = [finding.rule.id for finding in findings_of(case, issue, publication, artifact) if finding.rule.id in rules]
    assert found == [case.rule]


def test_a_finding_names_feature_count_place_and_the_clients(
    issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    case = Case("EML100", *before_body_end('<p style="column-count:2">字</p><p style="column-count:3">字</p>'))
    (found,) = [one for one in findings_of(case, issue, publication, artifact) if one.rule.id == case.rule]
    assert found.message.startswith("column-count, 2× (templates/email/theme.css, <p>): not in ")
    assert "Outlook (" in found.message
    assert "Windows" in found.message
    assert found.element.endswith("/p[1]")


def test_what_the_text_brings_is_found_at_its_line(issue: Issue, publication: Publication) -> None:
    text = adding(paragraph("独一无二的话。", line=71))
    case = Case("EML102", "独一无二的话", "独一无二<wbr>的话", issue=text)
    (found,) = [one for one in findings_of(case, issue, publication) if one.rule.id == case.rule]
    assert (found.line, found.message.partition(":")[0]) == (71, "<wbr> element, 1× (<wbr>)")


def test_a_feature_with_a_rule_of_its_own_is_found_once_whoever_lacks_it(
    issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    """Where a required client lacks it the older rule speaks; where only others do, the data does."""
    clients = {"EML027", "EML100", "EML101", "EML102"}

    def rules_of(**weights: str) -> list[str]:
        chosen = email(clients={**dict.fromkeys(DEFAULTS, "ignored"), **weights}) if weights else None
        case = Case("", *style("display:flex"), settings=chosen)
        return [one.rule.id for one in findings_of(case, issue, publication, artifact) if one.rule.id in clients]

    assert rules_of() == ["EML027"]
    assert rules_of(outlook="required") == ["EML027"]
    assert rules_of(outlook="wanted") == ["EML101"]
    assert rules_of(outlook="noted") == ["EML102"]
    assert rules_of(outlook="ignored", gmail="ignored", yahoo="ignored", aol="noted") in ([], ["EML102"])


def test_the_script_is_the_only_place_that_needs_npm(root: Path) -> None:
    """No check and no render asks anybody."""
    room = root / "kanfa" / "email"
    assert [path.name for path in sorted(room.rglob("*.py")) if '"npm"' in path.read_text("utf-8")] == ["update.py"]
