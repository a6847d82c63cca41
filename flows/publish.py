"""The flow `publish`: one issue → every installed format → checked → staged. Returns the release's digest.

Every format is tried even when another fails: a failure becomes a finding. Findings of level error refuse the
release, and then nothing is staged.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from prefect import Task, flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from pydantic import BaseModel, Field

from flows import journal
from flows.tasks import Parcel, engine_task, form, now, user
from kanfa import pipeline
from kanfa.errors import NotPublishable
from kanfa.findings import Finding, Report
from kanfa.formats import Artifact, Format, installed
from kanfa.locate import outbox_of, resolve
from kanfa.pipeline import Source
from kanfa.publication import Publication
from kanfa.release.approval import record_staged
from kanfa.release.store import Staged

Findings = tuple[Finding, ...]

TIMEOUT_SECONDS = 600
SHOWN_FINDINGS = 200
"""Rows of the findings table in Prefect's UI; its artifacts have no limit of their own. All are in report.json."""
TRANSIENT = frozenset({errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ESTALE})
"""What a network folder or a busy disk says and takes back a second later."""


class Waiver(BaseModel):
    """One rule that may be broken this time, and why."""

    rule: Annotated[str, Field(title="Rule", description="Its id, e.g. ISS007", pattern=r"^[A-Z]{2,4}[0-9]{3}$")]
    reason: Annotated[str, Field(title="Reason", description="Stands in the manifest", min_length=1)]


async def _is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether staging failed for a reason that may pass. Findings, missing rights and full disks do not."""
    error = await state.aresult(raise_on_failure=False)
    cause = error.__context__ if isinstance(error, Exception) else None
    return isinstance(cause, OSError) and cause.errno in TRANSIENT


def _render(format: Format, source: Source, publication: Publication) -> Artifact:
    return pipeline.render(format, source.issue, publication)


def _check(format: Format, artifact: Artifact, source: Source, publication: Publication) -> Findings:
    return pipeline.check(format, artifact, source.issue, publication)


def _compare(format: Format, artifact: Artifact, source: Source, publication: Publication) -> Findings:
    return pipeline.compare(format, artifact, source.issue, publication)


read = engine_task(pipeline.read, "read")
render = engine_task(_render, "render")
check = engine_task(_check, "check")
compare = engine_task(_compare, "compare")
report_on = engine_task(pipeline.compile_report, "report")


def _stage_and_record(*given: Any, outbox: Path, **named: Any) -> Staged:
    """Stage the release and note in the ledger who did it and when: the engine itself knows no clock."""
    staged = pipeline.stage(*given, outbox=outbox, **named)
    record_staged(outbox, staged, now=now, who=user())
    return staged


stage = engine_task(_stage_and_record, "stage", retries=2, retry_delay_seconds=1, retry_condition_fn=_is_transient)


def run_name() -> str:
    """`publish-009`: the issue's number, or the name of its folder or file."""
    issue = str(flow_run.parameters.get("issue", "latest"))
    if issue.isascii() and issue.isdigit():
        return f"publish-{int(issue):03}"
    path = Path(issue)
    return f"publish-{path.parent.name if path.name == 'issue.md' and path.parent.name else path.stem}"


@dataclass(frozen=True, slots=True)
class _Produced:
    """What became of one format."""

    artifact: Artifact | None
    found: tuple[Parcel[Findings], ...]


async def _produce(format: Format, source: Parcel[Source], settings: Parcel[Publication]) -> _Produced:
    """Render, check and compare one format.

    Its steps follow each other because libraries such as PDFium do not bear two threads at once.
    """
    name = Parcel(format)

    async def steps() -> _Produced:
        artifact = await render(f"render-{format.name}", name, source, settings)
        checked = await check(f"check-{format.name}", name, artifact, source, settings)
        compared = await compare(f"compare-{format.name}", name, artifact, source, settings)
        return _Produced(artifact.value, (checked, compared))

    # A failure is a result here: the other formats go on, and the editor sees all faults at once.
    (outcome,) = await asyncio.gather(steps(), return_exceptions=True)
    if isinstance(outcome, Exception):
        journal.current().failures[format.name] = outcome
        return _Produced(None, (Parcel((pipeline.failed(format.name, outcome, source.value.issue),)),))
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "level": str(finding.severity),
            "rule": finding.rule.id,
            "line": finding.line,
            "format": finding.format,
            "message": finding.message,
            "cure": finding.rule.cure,
        }
        for finding in findings
    ]
    rest = len(rows) - SHOWN_FINDINGS
    if rest > 0:
        rows[SHOWN_FINDINGS:] = [dict.fromkeys(rows[0], "") | {"message": f"and {rest} more: see report.json"}]
    return rows


async def _show_report(report: Report) -> None:
    """The findings and the sizes, for the run's page in Prefect's UI."""
    await acreate_table_artifact(
        table=_finding_rows(report.findings), key="findings", description=f"Findings about {report.issue}"
    )
    sizes = [{"file": name, "bytes": size} for name, size in report.sizes.items()]
    await acreate_table_artifact(table=sizes, key="sizes", description=f"Files made from {report.issue}")


async def _show_release(staged: Staged, report: Report) -> None:
    """Where the release is and what to do next, for the run's page in Prefect's UI."""
    files = "\n".join(f"| {name} | {size:,} |" for name, size in report.sizes.items())
    words = "staged" if staged.new else "was staged before: the same content"
    await acreate_markdown_artifact(
        key="release",
        description=f"Release {staged.digest}",
        markdown=(
            f"Release **{staged.digest}** {words}.\n\n`{staged.path}`\n\n"
            f"Next: `kanfa show {staged.digest}`, then `kanfa approve {staged.digest} --by NAME`.\n\n"
            f"| file | bytes |\n|---|---:|\n{files}\n"
        ),
    )


@flow(name="publish", flow_run_name=run_name, timeout_seconds=TIMEOUT_SECONDS, persist_result=False)
async def publish(
    issue: Annotated[
        str,
        Field(
            min_length=1,
            json_schema_extra=form(
                0, "Issue 期号", "A number of the publication (9), “latest”, or the path of a Markdown file"
            ),
        ),
    ] = "latest",
    outbox: Annotated[
        str | None,
        Field(
            json_schema_extra=form(
                1, "Outbox", "Folder of the staged releases; leave it empty for the publication's own"
            )
        ),
    ] = None,
    waivers: Annotated[
        tuple[Waiver, ...],
        Field(
            json_schema_extra=form(2, "Allowed findings", "Rules that may be broken this time, each with its reason")
        ),
    ] = (),
) -> str:
    """Read one issue, render every format, check each, prove that nothing was lost, and stage the release.

    Returns the digest that a person then approves. Raises NotPublishable when error findings stand: the run's
    artifact “findings” lists them, and nothing is staged.
    """
    notes = journal.current()
    path, publication = resolve(issue)
    allowed = Parcel({waiver.rule: waiver.reason for waiver in waivers})
    settings = Parcel(publication)
    source = await read("read", Parcel(path), settings)
    with notes.step("load formats"):
        formats = installed()
    produced = await asyncio.gather(*(_produce(format, source, settings) for format in formats.values()))
    artifacts = Parcel(
        {name: one.artifact for name, one in zip(formats, produced, strict=True) if one.artifact is not None}
    )
    found = [parcel for one in produced for parcel in one.found]
    findings = Parcel([finding for parcel in found for finding in parcel.value])
    report = await report_on("report", source, artifacts, findings, allowed, after=found)
    notes.report = report.value
    if not report.value.ok:
        await _show_report(report.value)
        count = len(report.value.errors)
        raise NotPublishable(f"{report.value.issue}: {count} error{'s' if count > 1 else ''}; nothing was staged")
    staging = stage(
        "stage",
        source,
        artifacts,
        report,
        formats=Parcel(formats.values()),
        publication=settings,
        outbox=Parcel(outbox_of(publication, Path(outbox) if outbox else None)),
        timings=Parcel(notes.timings()),
    )
    staged, _ = await asyncio.gather(staging, _show_report(report.value))
    notes.staged = staged.value
    await _show_release(staged.value, report.value)
    return staged.value.digest
