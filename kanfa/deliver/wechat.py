"""The WeChat channel: an approved release as one draft in the account's draft box. Publishing stays a human act.

`kanfa deliver RELEASE --to wechat` uploads the pictures, stages the draft, reads it back and compares. Delivering
again, or a corrected release of the same issue, updates the same draft, unless a person changed it there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kanfa.deliver.channel import Channel, Outcome, Plan
from kanfa.errors import DeliveryFailed
from kanfa.publication import Publication
from kanfa.release.files import locked
from kanfa.release.store import Verified

if TYPE_CHECKING:
    import httpx

    from kanfa.deliver.wechat_records import Records
    from kanfa.wechat.api.client import Client

API = "KANFA_WECHAT_API"
"""Environment variable that overrides `[wechat] api`: a sandbox, usually."""
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ports:
    """What the channel needs from outside; tests give their own."""

    transport: Callable[[str], httpx.BaseTransport] | None = None
    """Makes the way to an API address; None = the network."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    """Seconds since 1970."""


def channel(ports: Ports | None = None) -> Channel:
    """The channel as it is installed, or with other ports."""
    used = ports or Ports()
    return Channel(
        name="wechat",
        description="a draft in the WeChat account's draft box, for a person to publish",
        target=lambda publication: address(publication, used),
        plan=lambda verified, publication, target: plan(verified, publication, target, used),
        deliver=lambda verified, publication, target: deliver(verified, publication, target, used),
        overwrite=lambda verified, publication, target: deliver(verified, publication, target, used, force=True),
    )


def address(publication: Publication, ports: Ports) -> str:
    """Where the API answers: KANFA_WECHAT_API, else `[wechat] api`. Raises UsageError unless https or loopback."""
    from kanfa.wechat.api.client import api_base

    return api_base(ports.environ.get(API) or publication.wechat.api)


def plan(verified: Verified, publication: Publication, target: str, ports: Ports) -> Plan:
    """What a delivery would do, as far as this machine's records tell; no call is made.

    Never empty: whether the draft is still as it was staged, only WeChat can say. Raises as `deliver` does for
    missing credentials, an address that may not be used and a release that cannot be sent.
    """
    from kanfa.deliver.wechat_article import read_post

    post = read_post(verified)
    records = _records(publication, target, ports)
    record = records.draft(verified.manifest.issue.slug)
    actions = [
        f"upload {picture.name} ({kind})"
        for kind, pictures in (("body", post.body_pictures()), ("cover", post.covers()))
        for picture in pictures
        if not records.upload(kind, picture.sha256)
    ]
    articles = f"{len(post.parts)} article{'s' if len(post.parts) > 1 else ''}"
    if record is not None and record.media_id:
        actions.append(f"compare the draft {record.media_id} with the release; update it where it differs")
    else:
        actions.append(f"look for the draft in the draft box; add it ({articles}) when it is not there")
    return Plan((*actions, "read the draft back and compare it with the release"))


def deliver(verified: Verified, publication: Publication, target: str, ports: Ports, *, force: bool = False) -> Outcome:
    """Stage the draft and prove it. `force` overwrites what a person changed, after a copy was kept.

    Raises DeliveryFailed, EnvironmentProblem for missing credentials, UsageError for an address without https.
    """
    from kanfa.deliver.wechat_article import read_post
    from kanfa.deliver.wechat_records import make_folder
    from kanfa.deliver.wechat_staging import Staging

    post = read_post(verified)
    records = _records(publication, target, ports)
    make_folder(records.folder)
    with locked(records.folder, WAIT_SECONDS) as alone:
        if not alone:
            raise DeliveryFailed("another delivery to this WeChat account is running; try again later")
        client = _client(target, ports, records)
        try:
            slug, digest = verified.manifest.issue.slug, verified.release.digest
            result = Staging(client, records, post, slug, digest, publication.base, force).run()
        finally:
            client.transport.close()
    where = urlsplit(client.base).netloc
    words = "; ".join((f"draft {result.media_id} at {where} {result.holds}", *result.notes))
    return Outcome(words, changed=result.changed)


def _records(publication: Publication, target: str, ports: Ports) -> Records:
    from kanfa.deliver.wechat_records import FOLDER, Records
    from kanfa.wechat.api.client import api_base
    from kanfa.wechat.api.tokens import credentials_from

    account = credentials_from(ports.environ).account(api_base(target))
    return Records(publication.base / publication.state / FOLDER / account)


def _client(target: str, ports: Ports, records: Records) -> Client:
    from kanfa.wechat.api.client import Client, api_base, transport_for
    from kanfa.wechat.api.tokens import credentials_from

    base = api_base(target)
    return Client(
        base,
        credentials_from(ports.environ),
        (ports.transport or transport_for)(base),
        sleep=ports.sleep,
        now=ports.now,
        forced=records.forced(),
        note_forced=records.note_forced,
    )


CHANNEL = channel()
