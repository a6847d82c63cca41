"""`kanfa wechat`: what belongs to the public account and is no step of publishing."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kanfa.cli.common import printable
from kanfa.locate import publication_here


@click.group()
def wechat() -> None:
    """The WeChat public account: a local stand-in for its API."""


@wechat.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8089, show_default=True, help="0 takes a free one.")
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps drafts and pictures."
)
@click.option("--lenient-div", is_flag=True, help="Keep div elements, as some accounts do.")
@click.option("--may-publish", is_flag=True, help="An account with the right to publish through the API.")
def sandbox(port: int, state: Path | None, lenient_div: bool, may_publish: bool) -> None:
    """Answer on this machine as WeChat's API would: its limits, error codes and filters, and faults on demand.

    Drafts are shown at the printed address. Ctrl-C ends it. Only this machine can reach it; nothing
    reaches WeChat.
    """
    from kanfa.wechat.api.tokens import APPID, SECRET
    from kanfa.wechat.sandbox import server
    from kanfa.wechat.sandbox.settings import DUMMY_APPID, DUMMY_SECRET, SandboxSettings
    from kanfa.wechat.simulator.storage import Account

    publication = publication_here()
    own_secret = os.environ.get(SECRET)
    settings = SandboxSettings(
        appid=os.environ.get(APPID) or DUMMY_APPID,
        secret=own_secret or DUMMY_SECRET,
        account=Account(strict_div=not lenient_div, privileged_links=publication.wechat.privileged_links),
        may_publish=may_publish,
        publication=publication,
        folder=state,
        say=lambda line: click.echo(line, err=True),
    )

    def ready(address: str) -> None:
        click.echo(f"WeChat sandbox  {address}")
        click.echo(f"  drafts        {address}/")
        click.echo(f"  faults        {address}/_sandbox/faults")
        click.echo(f'  kanfa.toml    [wechat] api = "{address}"')
        click.echo(f"  {APPID}={printable(settings.appid)}")
        # a secret of the environment may be the account's own one: it is taken, and never shown
        shown = f"(that of ${SECRET})" if own_secret else DUMMY_SECRET
        click.echo(f"  {SECRET}={shown}")

    server.serve(settings, port, ready)
