"""`kanfa releases`, `kanfa show` and `kanfa approve`: what is staged, what it holds, and who wants it sent."""

from __future__ import annotations

import datetime
import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from kanfa.cli.common import console, json_option, outbox_option, print_json, printable
from kanfa.locate import outbox_of, publication_here

if TYPE_CHECKING:  # SQLAlchemy is imported by the commands that open the ledger
    from kanfa.release.ledger import Entry


def now() -> datetime.datetime:
    """The clock of the command line; the engine is always handed one."""
    return datetime.datetime.now(datetime.UTC)


def person() -> str:
    """Who runs the command, for the ledger: a record, not a proof."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def state_of(entries: list[Entry]) -> str:
    """`staged`, `approved` or `delivered: CHANNEL, …`, from the ledger's lines about one release."""
    channels = sorted({entry.channel for entry in entries if entry.event == "delivered"})
    if channels:
        return f"delivered: {', '.join(channels)}"
    return "approved" if any(entry.event == "approved" for entry in entries) else "staged"


def _slug(reference: str) -> str:
    return f"{int(reference):03d}" if reference.isascii() and reference.isdigit() and len(reference) < 4 else reference


def _row(outbox: Path, path: Path, slug: str, digest: str) -> dict[str, Any]:
    from kanfa.errors import AlteredRelease
    from kanfa.release import ledger
    from kanfa.release.manifest import parse_manifest

    entries = ledger.history(outbox, digest)
    row: dict[str, Any] = {"release": f"{slug}/{digest}", "state": state_of(entries), "title": "", "bytes": 0}
    try:
        stored = parse_manifest((path / "manifest.json").read_bytes())
    except (OSError, AlteredRelease):
        return {**row, "state": "damaged", "staged": None, "path": str(path)}
    staged = next((entry.at.isoformat() for entry in entries if entry.event == "staged"), None)
    size = sum(record.size for record in stored.manifest.files.values())
    return {**row, "title": stored.manifest.issue.title, "bytes": size, "staged": staged, "path": str(path)}


@click.command()
@click.argument("issue", required=False)
@outbox_option
@json_option
def releases(issue: str | None, outbox: Path | None, as_json: bool) -> None:
    """List what is staged, newest first; with ISSUE (a number or a slug) only that issue's releases."""
    from kanfa.release.store import list_releases

    folder = outbox_of(publication_here(), outbox)
    found = list_releases(folder, _slug(issue) if issue else None)
    rows = [_row(folder, release.path, release.slug, release.digest) for release in found]
    if as_json:
        print_json(rows)
        return
    if not rows:
        what = f"no release of issue {issue}" if issue else "nothing"
        click.echo(f"{what} is staged in {printable(str(folder))}", err=True)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("release", "state", "staged (UTC)", "size"):  # the digest is there to be copied: never cut
        table.add_column(name, no_wrap=True, overflow="ignore")
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        staged = (row["staged"] or "")[:16].replace("T", " ")
        table.add_row(row["release"], row["state"], staged, f"{row['bytes'] / 1024:,.0f} KB", printable(row["title"]))
    console().print(table)


@click.command()
@click.argument("release")
@outbox_option
@json_option
def show(release: str, outbox: Path | None, as_json: bool) -> None:
    """Show one release: its files and hashes, findings, waivers and history. Every byte is verified first."""
    from kanfa.release import ledger
    from kanfa.release.store import find_release, verify

    folder = outbox_of(publication_here(), outbox)
    verified = verify(find_release(folder, release))
    manifest, found = verified.manifest, verified.release
    report = json.loads(verified.read("report.json"))
    entries = ledger.history(folder, found.digest)
    records = {**manifest.files, **verified.record}
    if as_json:
        print_json(
            {
                "release": found.reference,
                "path": str(found.path),
                "state": state_of(entries),
                "issue": {"number": manifest.issue.number, "title": manifest.issue.title, "slug": manifest.issue.slug},
                "files": {name: {"sha256": one.sha256, "size": one.size} for name, one in records.items()},
                "sources": manifest.sources,
                "versions": manifest.versions,
                "waivers": manifest.waivers,
                "findings": report["findings"],
                "history": [entry.to_dict() for entry in entries],
            }
        )
        return
    target = console()
    target.print(Text(f"{found.reference}  {state_of(entries)}", "bold"))
    target.print(Text(printable(manifest.issue.title)))
    target.print(Text(str(found.path), "dim"))
    table = Table("file", "bytes", "sha256", box=None, pad_edge=False)
    for name, one in sorted(records.items()):
        table.add_row(name, f"{one.size:,}", one.sha256[:16])
    target.print(table)
    for rule, reason in manifest.waivers.items():
        target.print(Text(f"allowed {rule}: {printable(reason)}", "magenta"))
    for finding in report["findings"]:
        place = f"{finding['file']}:{finding['line']}"
        target.print(Text(printable(f"{place}: {finding['severity']} {finding['rule']} {finding['message']}")))
    for entry in entries:
        words = " ".join(word for word in (str(entry.event), entry.channel, entry.who) if word)
        target.print(Text(f"{entry.at:%Y-%m-%d %H:%M} UTC  {printable(words)}", "dim"))


@click.command()
@click.argument("release")
@click.option("--by", required=True, metavar="NAME", help="Who approves; written into the ledger.")
@outbox_option
def approve(release: str, by: str, outbox: Path | None) -> None:
    """Approve exactly the bytes of RELEASE (a digest, its beginning, or a path) for delivery."""
    from kanfa.release import approval

    click.echo(approval.approve(outbox_of(publication_here(), outbox), release, by, now).message)
