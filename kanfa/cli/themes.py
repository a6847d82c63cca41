"""`kanfa check --theme`: themes of the WeChat article, judged by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kanfa.cli.measuring import Meter
from kanfa.errors import RenderError, UsageError
from kanfa.findings import Finding, Report
from kanfa.publication import Publication
from kanfa.templating import find_file, template_folders


def examine_themes(references: Iterable[str], publication: Publication, meter: Meter | None = None) -> list[Report]:
    """One report for each theme: a name, a CSS file, or every theme of the publication when none is named.

    With `meter` the sample article is measured in each theme too. Raises UsageError for a name or file that is not
    there.
    """
    from kanfa.wechat.theme_check import check_theme

    reports = []
    for reference in list(references) or theme_names(publication):
        file, path = _found(reference, publication)
        texts = {file: _text(path)}
        findings = [
            replace(one, format="wechat").located(one.file, _lines(one, texts, publication), "wechat")
            for one in check_theme(file, texts[file], publication)
        ]
        report = Report(file, tuple(findings))
        reports.append(report if meter is None else _measured(report, texts[file], publication, meter))
    return reports


def _measured(report: Report, css: str, publication: Publication, meter: Meter) -> Report:
    """The report with what the layout of the sample is like; a theme that cannot be read has no layout."""
    from kanfa.wechat.theme_check import sample_artifact

    try:
        artifact, issue = sample_artifact(report.issue, css, publication)
    except RenderError:  # the report says so
        return replace(report, not_run=meter.not_run({}))
    measured = meter.findings({"wechat": artifact}, issue, publication)
    lines = css.split("\n")
    found = [replace(one, line=1).located(report.issue, lines, "wechat") for own in measured.values() for one in own]
    return replace(report, findings=(*report.findings, *found), not_run=meter.not_run(measured))


def theme_names(publication: Publication) -> list[str]:
    """Names of the publication's themes and the built-in ones."""
    folders = [folder / "wechat" for folder in template_folders(publication)]
    return sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.css")})


def _found(reference: str, publication: Publication) -> tuple[str, Path]:
    if reference.endswith(".css"):
        path = Path(reference)
        if not path.is_file():
            raise UsageError(
                f"{reference} is no file; name a theme ({', '.join(theme_names(publication))}) or a CSS file"
            )
        return path.as_posix(), path
    try:
        return f"templates/wechat/{reference}.css", find_file(publication, f"wechat/{reference}.css")
    except RenderError:
        known = ", ".join(theme_names(publication))
        raise UsageError(f"there is no theme {reference}; there are: {known}; or name a CSS file") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


def _lines(finding: Finding, texts: dict[str, str], publication: Publication) -> list[str]:
    """Lines of the file that a finding names: the theme, or one that it builds on."""
    if finding.file not in texts:
        texts[finding.file] = _text(find_file(publication, finding.file.removeprefix("templates/")))
    return texts[finding.file].split("\n")
