"""The main job as plain functions: read → render → check → compare → report → stage.

This is what the Prefect flow, `kanfa check` and `kanfa render` all call. Only `read` and `stage` touch
files; nothing here knows a clock, a network or Prefect.
"""

from __future__ import annotations

import hashlib
import json
import platform
import stat as stat_of
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from kanfa import __version__, neighbours, parity, plugins
from kanfa.errors import KanfaError, NotPublishable, RenderError, UsageError
from kanfa.findings import Finding, Report, Rule, ordered, waived
from kanfa.formats import GROUP, Artifact, Format, installed
from kanfa.issue import assets, reader, structure, suppress
from kanfa.issue.editions import edition
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.templating import template_hashes

if TYPE_CHECKING:  # the store is needed by those who stage, the browser by those who measure
    from kanfa.browser import Browser
    from kanfa.release.store import Staged


Proof = Mapping[str, Mapping[str, int]]
"""For each output: passages, links and pictures compared, and how many of them are lost."""


@dataclass(frozen=True, slots=True)
class Source:
    """An issue as read from its file, with what reading and lint found."""

    issue: Issue
    findings: tuple[Finding, ...]
    path: Path


def catalogue(formats: Iterable[Format]) -> dict[str, Rule]:
    """Every rule by id, in order; raises UsageError when two rules share an id."""
    from kanfa.desk import import_rules, link_rules
    from kanfa.issue import construct_rules, editorial_rules, rules, structure_rules

    found: dict[str, Rule] = {}
    own = (rules, construct_rules, structure_rules, editorial_rules, assets, parity, import_rules, link_rules)
    groups = [*(module.RULES for module in own), *(format.rules for format in formats)]
    for rule in (rule for group in groups for rule in group):
        if found.setdefault(rule.id, rule) is not rule:
            raise UsageError(f"two rules have the id {rule.id}: {found[rule.id].name} and {rule.name}")
    return dict(sorted(found.items()))


def shown_name(path: Path, publication: Publication) -> str:
    """How findings name the file: relative to the publication that holds it, else as the user gave it."""
    resolved = path.resolve()
    if publication.root is not None and resolved.is_relative_to(publication.root):
        return resolved.relative_to(publication.root).as_posix()
    return path.as_posix()


def bytes_of(path: Path) -> bytes:
    """The bytes of an ordinary file of a size that an issue may have."""
    try:
        kind = path.stat()
        if stat_of.S_ISDIR(kind.st_mode):
            raise UsageError(f"{path} is a folder; name the Markdown file in it, e.g. {path / 'issue.md'}")
        if not stat_of.S_ISREG(kind.st_mode):  # a pipe would block, a device may never end
            raise UsageError(f"{path} is no ordinary file")
        with path.open("rb") as file:
            data = file.read(reader.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > reader.MAX_BYTES:
        size = max(kind.st_size, len(data))
        raise UsageError(f"{path} has {size:,} bytes; an issue may have {reader.MAX_BYTES:,}. Split it.")
    return data


def read(path: Path, publication: Publication, *, editorial: bool = True) -> Source:
    """Read, lint and load the pictures of the issue at `path`. Without `editorial` no rule of lint is asked.

    Raises UsageError for a path that is no readable file, SourceError for a file that is no text.
    """
    return read_version(bytes_of(path), path, publication, editorial=editorial)


def read_version(data: bytes, path: Path, publication: Publication, *, editorial: bool = True) -> Source:
    """The issue at `path` as if the file held `data`, e.g. what it held in an earlier revision; pictures as today.

    Raises SourceError for bytes that are no text.
    """
    shown = shown_name(path, publication)
    text = reader.decode(data, shown)
    resolved = path.resolve()
    # Number and date may come from the names of file and folder, which must not depend on where one stands.
    declared = publication if _belongs(resolved, publication) else None
    result = reader.read(text, f"{resolved.parent.name}/{resolved.name}", declared)
    issue = replace(result.issue, file=shown)
    if not issue.publisher and publication.publisher:
        issue = replace(issue, publisher=publication.publisher)
    if "language" not in issue.lines_of:
        issue = replace(issue, language=publication.language)
    issue, around = _among_others(issue, resolved, publication)
    loaded, problems = assets.load_assets(issue, resolved.parent)
    issue = replace(issue, assets=loaded)
    lines = issue.source.split("\n")
    found = [*result.findings, *around, *problems]
    if editorial:
        found = _with_lint(found, issue, resolved, publication)
    return Source(issue, tuple(ordered(finding.located(shown, lines) for finding in found)), path)


def _with_lint(found: Iterable[Finding], issue: Issue, resolved: Path, publication: Publication) -> list[Finding]:
    """What reading found and what the editorial checks say, less what the publication has switched off."""
    from kanfa.issue import containers, lint
    from kanfa.issue.editions import emptied

    declared = publication if _belongs(resolved, publication) else None
    recent = neighbours.recent_links(resolved, declared) if declared else {}
    formats = plugins.names(GROUP)
    passages = [*containers.unknown_formats(issue, formats), *emptied(issue, formats)]
    everything = [*found, *lint.lint(issue, declared, recent), *passages]
    return suppress.switched_on(everything, publication.lint.off)


def _belongs(resolved: Path, publication: Publication) -> bool:
    """Whether the file is the publication's own, so that its declarations hold; one from elsewhere borrows its look."""
    return publication.root is None or resolved.is_relative_to(publication.root.resolve())


def _among_others(issue: Issue, path: Path, publication: Publication) -> tuple[Issue, tuple[Finding, ...]]:
    """The issue with the earlier issues, unless it lists them itself, and the next one; and what its row lacks."""
    if not neighbours.is_member(path, publication):
        return issue, ()
    lists_itself = "previous" in issue.lines_of
    near = neighbours.of(path, publication, older=not lists_itself)
    issue = replace(issue, previous=issue.previous if lists_itself else near.older, newer=near.newer)
    found = (*near.findings, *neighbours.folder_number(path, issue, publication))
    return issue, (*found, *structure.check(issue, publication))


def render(format: Format, issue: Issue, publication: Publication) -> Artifact:
    """One format's artifact. Raises RenderError or EnvironmentProblem."""
    return format.render(edition(issue, format.name), publication)


def render_output(format: Format, issue: Issue, publication: Publication, output: str) -> Artifact:
    """The artifact with at least the file of `output`. Raises RenderError or EnvironmentProblem."""
    if format.render_one is None:
        return render(format, issue, publication)
    return format.render_one(edition(issue, format.name), publication, output)


def _located(findings: Iterable[Finding], issue: Issue, format: str) -> tuple[Finding, ...]:
    lines = issue.source.split("\n")
    return tuple(finding.located(issue.file, lines, format) for finding in findings)


def substitutes(artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    """What the renderer itself had to say: each substitute it made. No rule is asked."""
    return _located(suppress.switched_on(artifact.findings, publication.lint.off), issue, artifact.format)


def check(format: Format, artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    """What the format's own rules say, and what its renderer had to substitute."""
    shown = edition(issue, format.name)
    found = suppress.switched_on(
        [*artifact.findings, *format.check(artifact, shown, publication)], publication.lint.off
    )
    return _located(found, issue, format.name)


def measure(
    format: Format, artifact: Artifact, issue: Issue, publication: Publication, browser: Browser
) -> tuple[Finding, ...]:
    """What the format's rules say that need a browser. Raises EnvironmentProblem when the browser fails."""
    if format.measure is None:
        return ()
    found = format.measure(artifact, edition(issue, format.name), publication, browser)
    return _located(suppress.switched_on(found, publication.lint.off), issue, format.name)


def compare(format: Format, artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    """What parity says about each output of the artifact."""
    shown = edition(issue, format.name)
    found = [
        finding
        for reading in format.read_back(artifact, shown, publication)
        for finding in parity.compare(reading.shown or shown, reading)
    ]
    return _located(found, issue, format.name)


def produce(format: Format, issue: Issue, publication: Publication) -> tuple[Artifact | None, tuple[Finding, ...]]:
    """Render, check and compare one format: its artifact, or None, and everything found about it.

    Never raises: a failure is a finding, so that the other formats go on and the editor sees all faults at once.
    """
    try:
        artifact = render(format, issue, publication)
        found = check(format, artifact, issue, publication) + compare(format, artifact, issue, publication)
    except Exception as error:  # noqa: BLE001 - formats are plug-ins; whatever one raises is its own failure
        return None, (failed(format.name, error, issue),)
    return artifact, found


def failed(format_name: str, error: BaseException, issue: Issue) -> Finding:
    """The finding that stands for a format without an artifact."""
    text = str(error) if isinstance(error, KanfaError) else f"{type(error).__name__}: {error}"
    text = text.removeprefix(f"{format_name}: ")
    finding = parity.FORMAT_FAILED.at(1, "{format} could not be made: {problem}", format=format_name, problem=text)
    return finding.located(issue.file, issue.source.split("\n"), format_name)


def _allowed(findings: list[Finding], issue: Issue, made: Collection[str], measured: Collection[str]) -> list[Finding]:
    """The findings, those that a comment of the text allows marked; and what is wrong with those comments.

    Rules of formats that were not made or not measured, and of commands of their own (import, links), had no say: a
    comment for them is not called unused.
    """
    comments = suppress.collect(issue.source)
    if not comments:
        return findings
    said = suppress.apply(findings, comments)
    formats = installed()
    known = catalogue(formats.values())
    from kanfa.desk import import_rules, link_rules

    silent = {rule.id for name, format in formats.items() if name not in made for rule in format.rules}
    silent |= {rule.id for name, format in formats.items() if name not in measured for rule in format.measured}
    silent |= {rule.id for module in (import_rules, link_rules) for rule in module.RULES}
    lines = issue.source.split("\n")
    faults = suppress.audit(said, comments, known, known.keys() - silent)
    return [*said, *(fault.located(issue.file, lines) for fault in faults)]


def compile_report(
    source: Source,
    artifacts: Mapping[str, Artifact],
    findings: Iterable[Finding],
    waivers: Mapping[str, str],
    measured: Collection[str] = (),
) -> Report:
    """Everything found about one issue. `findings` are those of the formats; the source's own are added.

    `measured` names the formats whose layout was measured. `outcomes` says for each format `ok`, how many errors
    stand against it, or that it has no artifact.
    """
    everything = ordered(waived(_allowed([*source.findings, *findings], source.issue, artifacts, measured), waivers))
    report = Report(source.issue.file, tuple(everything))
    outcomes = {f.format: "no artifact" for f in everything if f.rule is parity.FORMAT_FAILED}
    for name in artifacts:
        count = sum(1 for finding in report.errors if finding.format == name)
        outcomes[name] = f"{count} error{'s' if count > 1 else ''}" if count else "ok"
    sizes = {name: len(data) for artifact in artifacts.values() for name, data in artifact.files.items()}
    return replace(report, sizes=dict(sorted(sizes.items())), outcomes=outcomes)


def release_files(artifacts: Mapping[str, Artifact]) -> dict[str, bytes]:
    """The files of all artifacts in one mapping; two formats may share a file only if its bytes are equal."""
    files: dict[str, bytes] = {}
    for artifact in artifacts.values():
        for name, data in artifact.files.items():
            if files.setdefault(name, data) != data:
                raise RenderError(artifact.format, f"{name} is also made by another format, with other bytes")
    return dict(sorted(files.items()))


def sources_of(source: Source, formats: Iterable[Format], publication: Publication) -> dict[str, str]:
    """SHA-256 of everything that went in: the issue, its pictures, the templates."""
    hashes = {"issue.md": hashlib.sha256(source.issue.source.encode()).hexdigest()}
    around = json.dumps([asdict(one) for one in (*source.issue.previous, source.issue.newer) if one], sort_keys=True)
    hashes["neighbours"] = hashlib.sha256(around.encode()).hexdigest()
    hashes |= {f"images/{asset.name}": asset.sha256 for asset in source.issue.assets}
    for folder in sorted({folder for format in formats for folder in format.templates}):
        hashes |= {f"templates/{name}": sha for name, sha in template_hashes(publication, folder).items()}
    return hashes


def versions_of(formats: Iterable[Format]) -> dict[str, str]:
    """Versions of Kanfa, Python, the distributions and the system libraries that shape the bytes."""
    formats = list(formats)
    found = {tool: version(tool) for format in formats for tool in format.tools}
    for format in formats:
        found |= format.ready() if format.ready else {}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"kanfa": __version__, "python": python, **dict(sorted(found.items()))}


def proof(
    source: Source,
    artifacts: Mapping[str, Artifact],
    report: Report,
    formats: Iterable[Format],
    publication: Publication,
) -> Proof:
    """What parity compared, and how much each output lacks, by output name.

    An output that declares to show a part of the issue is counted by that part.
    """
    lost = [finding.element for finding in report.findings if finding.rule in parity.RULES]
    counted: dict[str, Mapping[str, int]] = {}
    for format in formats:
        if format.name not in artifacts:
            continue
        whole = edition(source.issue, format.name)
        readings = format.read_back(artifacts[format.name], whole, publication)
        shown = {reading.output: reading.shown or whole for reading in readings}
        for output in format.outputs:
            counted[output] = {**parity.scope(shown.get(output, whole)), "lost": lost.count(output)}
    return counted


def stage(
    source: Source,
    artifacts: Mapping[str, Artifact],
    report: Report,
    *,
    formats: Iterable[Format],
    publication: Publication,
    outbox: Path,
    timings: Mapping[str, float],
) -> Staged:
    """Stage the release, all or nothing. Raises NotPublishable when an error-level finding stands.

    The waivers that the manifest records are those the report's findings carry: an unused one changes nothing.
    """
    from kanfa.release.manifest import build_manifest
    from kanfa.release.report import report_html, report_json
    from kanfa.release.store import stage as stage_files

    if not report.ok:
        count = len(report.errors)
        raise NotPublishable(f"{report.issue}: {count} error{'s' if count > 1 else ''}; nothing was staged")
    formats = list(formats)
    files = release_files(artifacts)
    manifest = build_manifest(
        issue=source.issue,
        files=files,
        sources=sources_of(source, formats, publication),
        settings=publication.settings(),
        versions=versions_of(formats),
        waivers={finding.rule.id: finding.waiver for finding in report.findings if finding.waiver},
        outcomes=report.outcomes,
    )
    shown = proof(source, artifacts, report, formats, publication)
    reports = {
        "report.json": report_json(report, timings, shown),
        "report.html": report_html(report, timings, publication, manifest, shown),
    }
    return stage_files(outbox, manifest, files, reports)
