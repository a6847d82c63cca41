"""The flow `deliver`: an approved release → its channels. It renders nothing.

Never scheduled, and never part of `publish`: a person names the release and the channels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled
from pydantic import Field

from flows import journal
from flows.tasks import Parcel, engine_task, form, now, user
from kanfa.deliver.delivery import Delivery
from kanfa.deliver.delivery import deliver as hand_over
from kanfa.errors import Refused
from kanfa.locate import outbox_of, publication_here
from kanfa.publication import Publication


def _deliver_now(  # noqa: PLR0917 - a task takes its parcels in their order
    outbox: Path, release: str, channels: tuple[str, ...], publication: Publication, dry_run: bool, force: bool
) -> list[Delivery]:
    """Hand the release to its channels, in the name of the user of this process."""
    return hand_over(outbox, release, channels, publication, now=now, who=user(), dry_run=dry_run, force=force)


# Never repeated by Prefect: what was sent is in the ledger, and a person decides whether to try again.
to_channels = engine_task(_deliver_now, "deliver", retries=0)


def run_name() -> str:
    """`deliver-<digest>`."""
    return f"deliver-{str(flow_run.parameters.get('release', '')).replace('/', '-')}"


@flow(name="deliver", flow_run_name=run_name, timeout_seconds=3600, persist_result=False)
async def deliver(
    release: Annotated[
        str,
        Field(json_schema_extra=form(0, "Release", "The digest, or the beginning of it")),
    ],
    channels: Annotated[
        tuple[str, ...],
        Field(min_length=1, json_schema_extra=form(1, "Channels", "E.g. archive")),
    ],
    outbox: Annotated[
        str | None,
        Field(
            json_schema_extra=form(
                2, "Outbox", "Folder of the staged releases; leave it empty for the publication's own"
            )
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        Field(json_schema_extra=form(3, "Dry run", "Say what would be done and do nothing")),
    ] = False,
    force: Annotated[
        bool,
        Field(json_schema_extra=form(4, "Force", "Overwrite what people changed at the target; a copy is kept")),
    ] = False,
) -> list[dict[str, Any]] | State[Any]:
    """Hand an approved release to its channels and return what became of it in each.

    A refusal (unknown, altered or unapproved release, a channel that cannot take it) ends the run as Cancelled.
    """
    notes = journal.current()
    publication = publication_here()
    folder = outbox_of(publication, Path(outbox) if outbox else None)
    try:
        done = await to_channels(
            "deliver",
            Parcel(folder),
            Parcel(release),
            Parcel(channels),
            Parcel(publication),
            Parcel(dry_run),
            Parcel(force),
        )
    except Refused as refusal:
        notes.refusal = refusal
        return Cancelled(message=str(refusal))
    notes.outcome = done.value
    rows = [
        {"channel": each.channel, "target": each.target, "state": str(each.state), "detail": each.detail}
        for each in done.value
    ]
    await acreate_table_artifact(table=rows, key="deliveries", description=f"Deliveries of {release}")
    return rows
