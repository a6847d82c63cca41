"""Staging a draft: looked for, uploaded, added or updated, read back, compared. Safe to be killed anywhere.

Before each call that changes the draft box a record says what is about to be done, and after it what came of it.
draft/add cannot be repeated safely, so a run that does not know whether it succeeded looks for the draft first.
A draft that a person changed, or that may be a person's, is not overwritten, and nothing is uploaded for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kanfa.deliver.wechat_article import Picture, Post, payloads
from kanfa.deliver.wechat_box import Box, marks_of
from kanfa.deliver.wechat_compare import (
    FLAGS,
    Difference,
    Kind,
    all_differences,
    essences_of,
    fingerprint,
    payload_hash,
    possible_essences,
    with_flags,
)
from kanfa.deliver.wechat_records import Phase, Record, Records
from kanfa.errors import ApiRefused, ApiUnanswered, DeliveryFailed
from kanfa.wechat.api.answers import Article
from kanfa.wechat.api.client import PAUSES, Client
from kanfa.wechat.api.codes import NO_MEDIA

RESTAGED = 2
"""How often a draft that came back different is sent again: WeChat sporadically blanks a style (measured)."""
BY_FORCE = "add --force to the command"
AS_RELEASED = "is as the release has it"
EDITED = (
    "has the release's text, pictures and fields; it was saved or edited in the draft box since it was staged, and "
    "its styles may differ"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What staging did."""

    media_id: str
    changed: bool
    """False when the draft was there as it should be."""
    holds: str = AS_RELEASED
    """What can be said of the draft now, as a clause without its subject."""
    notes: tuple[str, ...] = ()
    """More for people."""


Payloads = list[dict[str, Any]]


@dataclass(slots=True)
class Staging:
    """One delivery of one issue's draft."""

    client: Client
    records: Records
    post: Post
    issue: str
    """The issue's slug."""
    release: str
    """Digest of the release."""
    base: Path
    """Paths are shown relative to it."""
    force: bool = False
    _box: Box = field(init=False)
    _fresh: bool = field(default=False, init=False)
    """Whether uploads are made anew because the draft that held them is gone."""

    def __post_init__(self) -> None:
        self._box = Box(self.client, self.issue)

    def run(self) -> Result:
        """Bring the draft box to where the release asks for.

        Raises ApiRefused, ApiUnreachable and ApiUnanswered; DeliveryFailed when a person changed or removed the
        draft, when the number of articles changed, or when WeChat stored something else than was sent.
        """
        record, stored = self._found(self.records.draft(self.issue))
        if stored is not None and record is not None and len(stored) != len(self.post.parts):
            record, stored = self._other_count(record, stored)
        if stored is None or record is None:
            return self._added(self._payloads(), record)
        return self._brought_up_to_date(record, stored)

    # ------------------------------------------------------------ finding

    def _found(self, record: Record | None) -> tuple[Record | None, tuple[Article, ...] | None]:
        """The issue's draft as it is now, by its media_id or by looking through the box."""
        if record is not None and record.media_id:
            stored = self.client.draft(record.media_id)
            if stored is not None:
                return record, stored
            self._fresh = True
        found = self._look(record)
        if found is not None:
            stored = self.client.draft(found)
            if stored is not None:
                return self._adopted(record, found), stored
        if record is not None and record.media_id:
            self._refuse_gone(record)
            record = record.model_copy(update={"media_id": "", "known": (), "pending": (), "sent": ()})
        return record, None

    def _refuse_gone(self, record: Record) -> None:
        if not self.force:
            raise DeliveryFailed(
                f"the draft {record.media_id} of issue {self.issue} is no longer in the draft box: somebody published "
                f"or deleted it\n    cure: to stage a new one all the same, {BY_FORCE}"
            )

    def _adopted(self, record: Record | None, media_id: str) -> Record:
        """The record of a draft that was found; not kept before it is sure that the draft may be changed."""
        if record is None:
            return Record(issue=self.issue, release=self.release, phase=Phase.SENDING, media_id=media_id)
        return record.model_copy(update={"phase": Phase.SENDING, "media_id": media_id, "sent": ()})

    def _look(self, record: Record | None) -> str | None:
        """The media_id of a draft that is this issue's, by what we wanted to send or were about to send before."""
        ours = [marks_of(self.post.parts), *([record.marks] if record is not None and record.marks else [])]
        return self._box.look(ours, self._foreign(record))

    def _foreign(self, record: Record | None) -> set[str]:
        return self.records.of_others(self.issue) | set(record.replaced if record is not None else ())

    # ------------------------------------------------------------ people

    def _refuse_human_changes(self, record: Record, stored: Sequence[Article]) -> None:
        """A draft that differs both from what was last read back and from what was sent since was changed by hand.

        Article by article in their order. Of a draft of which nothing is known, only the cover may be any: which one
        was sent, no other record tells.
        """
        sent = set(record.pending if record.known or record.pending else essences_of(self._uncovered()))
        changed = [
            article
            for place, (article, essences) in enumerate(zip(stored, possible_essences(stored), strict=True))
            if record.known[place : place + 1] != (fingerprint(article),) and not essences & sent
        ]
        if not changed or self.force:
            return
        titles = ", ".join(f"“{article.title}”" for article in changed)
        raise DeliveryFailed(
            f"the draft {record.media_id} was changed in the draft box after it was staged ({titles}), or was not "
            f"staged by this machine; it is left alone\n"
            f"    cure: take the changes over into the issue; to overwrite them (a copy is kept), {BY_FORCE}"
        )

    def _uncovered(self) -> Payloads:
        """The articles before anything is uploaded."""
        return [
            {**part.model_dump(), "content": self.post.html(part), "thumb_media_id": ""} for part in self.post.parts
        ]

    def _other_count(self, record: Record, stored: Sequence[Article]) -> tuple[Record, None]:
        """draft/update cannot add or remove an article."""
        if not self.force:
            raise DeliveryFailed(
                f"the draft {record.media_id} holds {len(stored)} article(s) and the release {len(self.post.parts)}: "
                f"an existing draft cannot take more or fewer, a new one is needed\n"
                f"    cure: {BY_FORCE}; a new draft is staged and the old one stays for you to delete"
            )
        self.records.back_up(self.issue, record.media_id, stored, self.client.now())
        return (
            self.records.save(
                Record(
                    issue=self.issue,
                    release=self.release,
                    phase=Phase.ADDING,
                    replaced=(*record.replaced, record.media_id),
                )
            ),
            None,
        )

    # ------------------------------------------------------------ uploading

    def _payloads(self) -> Payloads:
        """The articles as they are sent; what was not uploaded before is uploaded."""
        addresses = {
            picture.sha256: self._uploaded("body", picture, self.client.upload_picture)
            for picture in self.post.body_pictures()
        }
        covers = {
            picture.sha256: self._uploaded("cover", picture, self.client.upload_cover) for picture in self.post.covers()
        }
        self._fresh = False
        return payloads(self.post, addresses, covers)

    def _payloads_of_known(self) -> Payloads | None:
        """The same when nothing has to be uploaded for it; else None."""
        pictures = [("body", picture) for picture in self.post.body_pictures()]
        pictures += [("cover", picture) for picture in self.post.covers()]
        if self._fresh or not all(self.records.upload(kind, picture.sha256) for kind, picture in pictures):
            return None
        return self._payloads()

    def _uploaded(self, kind: str, picture: Picture, upload: Callable[[str, bytes, str], str]) -> str:
        """The address or media_id of a picture, uploaded unless it was before.

        Pictures of a body are uploaded again when the draft that held them is gone: deleting a draft may take its
        pictures along (one report).
        """
        known = None if self._fresh and kind == "body" else self.records.upload(kind, picture.sha256)
        if known:
            return known
        name = picture.name.rpartition("/")[2]
        ascii_name = name if name.isascii() else f"{picture.sha256[:16]}.{name.rpartition('.')[2]}"
        result = upload(ascii_name, self.post.files[picture.name], picture.media_type)
        self.records.note_upload(kind, picture.sha256, result)
        return result

    # ------------------------------------------------------------ adding

    def _added(self, made: Payloads, record: Record | None) -> Result:
        """Add the draft once, whatever the line does, and read it back."""
        before = self._box.before()
        intent = self._intent(made, record)
        renewed = False
        for pause in (*PAUSES, 0.0):
            try:
                media_id = self.client.add_draft(made)
            except ApiRefused as refused:
                if refused.code != NO_MEDIA or renewed:
                    raise
                renewed = True
                self._forget_covers()  # the library lost one
                made = self._payloads()
                intent = self._intent(made, intent)
            except ApiUnanswered:
                self.client.sleep(pause)
                landed = self._landed(intent, before)
                if landed is not None:
                    return self._brought_up_to_date(*landed)
                if not pause:
                    raise
            else:
                sent = tuple(payload_hash(payload) for payload in made)
                update = {"media_id": media_id, "phase": Phase.SENDING, "sent": sent}
                return self._read_back(made, self.records.save(intent.model_copy(update=update)))
        raise ApiUnanswered("draft/add: WeChat did not take the draft; deliver again later")

    def _landed(self, intent: Record, before: frozenset[str]) -> tuple[Record, tuple[Article, ...]] | None:
        """A draft that came since and looks like what was to be added; whether it is, has still to be checked."""
        foreign = self._foreign(intent) | before
        found = self._box.look([marks_of(self.post.parts)], foreign, count=len(self.post.parts))
        stored = self.client.draft(found) if found is not None else None
        return (self._adopted(intent, found), stored) if found is not None and stored is not None else None

    def _intent(self, made: Payloads, record: Record | None) -> Record:
        before = record.pending if record is not None else ()
        return self.records.save(
            Record(
                issue=self.issue,
                release=self.release,
                phase=Phase.ADDING,
                marks=marks_of(self.post.parts),
                pending=tuple(dict.fromkeys([*before, *essences_of(made)])),
                replaced=record.replaced if record is not None else (),
                flags=self._flags(),
            )
        )

    def _flags(self) -> tuple[tuple[int, int], ...]:
        """Comment settings that the release asks for."""
        return tuple((part.need_open_comment, part.only_fans_can_comment) for part in self.post.parts)

    def _forget_covers(self) -> None:
        for picture in self.post.covers():
            self.records.forget_upload("cover", picture.sha256)

    # ------------------------------------------------------------ updating

    def _brought_up_to_date(self, record: Record, stored: Sequence[Article]) -> Result:
        ready = self._payloads_of_known()
        if ready is not None and self._is_as_sent(ready, record, stored):
            return self._left_alone(ready, record, stored)
        self._refuse_human_changes(record, stored)
        made, kept = with_flags(self._payloads(), record.flags, stored)
        found = all_differences(made, stored)
        if not record.sent and not found:  # its answer was lost; it is there all the same
            return self._read_back(made, self._sending(made, record), kept)
        different = {place for place, _ in found}
        stale = [
            place
            for place, (payload, article) in enumerate(zip(made, stored, strict=True))
            if place in different
            or record.phase is not Phase.STAGED
            or record.sent[place : place + 1] != (payload_hash(payload),)
            or record.known[place : place + 1] != (fingerprint(article),)
        ]
        copy = self.records.back_up(self.issue, record.media_id, stored, self.client.now())
        record = self._updated(made, record, stale)
        return self._read_back(made, record, kept, f"the draft as it was before is kept in {self._shown(copy)}")

    def _is_as_sent(self, ready: Payloads, record: Record, stored: Sequence[Article]) -> bool:
        """Whether nothing is to be sent: perhaps it was saved in the editor since, but nothing that counts changed."""
        if record.phase not in {Phase.STAGED, Phase.DIFFERENT} or not record.known:
            return False
        made, _kept = with_flags(ready, record.flags, stored)
        return record.sent == tuple(map(payload_hash, made)) and not all_differences(made, stored)

    def _left_alone(self, ready: Payloads, record: Record, stored: Sequence[Article]) -> Result:
        _made, kept = with_flags(ready, record.flags, stored)
        update = {"release": self.release, "phase": Phase.STAGED, "differences": (), "flags": self._flags()}
        self.records.save(record.model_copy(update=update))
        edited = record.known != tuple(map(fingerprint, stored))
        return Result(record.media_id, changed=False, holds=EDITED if edited else AS_RELEASED, notes=kept)

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.base) if path.is_relative_to(self.base) else path)

    def _sending(self, made: Payloads, record: Record) -> Record:
        update = {
            "release": self.release,
            "phase": Phase.SENDING,
            "marks": marks_of(self.post.parts),
            "pending": tuple(dict.fromkeys([*record.pending, *essences_of(made)])),
            "sent": tuple(map(payload_hash, made)),
        }
        return self.records.save(record.model_copy(update=update))

    def _updated(self, made: Payloads, record: Record, indexes: Sequence[int]) -> Record:
        record = self._sending(made, record)
        for index in indexes:
            try:
                self.client.update_draft(record.media_id, index, made[index])
            except ApiRefused as refused:
                if refused.code == NO_MEDIA:
                    self._forget_covers()  # so that delivering again uploads them
                raise
        return record

    # ------------------------------------------------------------ reading back

    def _read_back(self, made: Payloads, record: Record, kept: tuple[str, ...] = (), note: str = "") -> Result:
        notes = tuple(filter(None, (*kept, note, _left(record))))
        for again in range(RESTAGED + 1):
            stored = self.client.draft(record.media_id)
            if stored is None or len(stored) != len(made):
                there = "nothing" if stored is None else f"{len(stored)} article(s)"
                raise DeliveryFailed(f"the draft {record.media_id} was staged, but {there} can be read back")
            found = all_differences(made, stored)
            record = self._compared(made, record, stored, found)
            if not found:
                return Result(record.media_id, changed=True, notes=notes)
            if again < RESTAGED:
                if any(difference.kind is Kind.PICTURES for _, difference in found):
                    made = self._with_new_pictures(made)  # what was uploaded long ago may be gone
                record = self._updated(made, record, sorted({place for place, _ in found}))
        lines = "".join(f"\n    {line}" for line in record.differences)
        raise DeliveryFailed(
            f"{Phase.DIFFERENT}: the draft {record.media_id} is in the draft box, but WeChat stored something else "
            f"than was sent:{lines}\n    cure: look at the draft; deliver again to repeat"
        )

    def _compared(
        self, made: Payloads, record: Record, stored: Sequence[Article], found: Sequence[tuple[int, Difference]]
    ) -> Record:
        """The record of a draft that was read back."""
        update = {
            "phase": Phase.DIFFERENT if found else Phase.STAGED,
            "known": tuple(map(fingerprint, stored)),
            "sent": tuple(map(payload_hash, made)),
            "pending": (),
            "flags": self._flags(),
            "differences": tuple(
                f"{difference}" if len(made) == 1 else f"article {place + 1}: {difference}"
                for place, difference in found
            ),
        }
        return self.records.save(record.model_copy(update=update))

    def _with_new_pictures(self, made: Payloads) -> Payloads:
        for picture in self.post.body_pictures():
            self.records.forget_upload("body", picture.sha256)
        fresh = self._payloads()
        return [{**new, **{name: old[name] for name in FLAGS}} for new, old in zip(fresh, made, strict=True)]


def _left(record: Record) -> str:
    """What a person has to do after another draft took the place of an old one."""
    new = record.replaced and not record.known
    return f"delete by hand: {', '.join(record.replaced)}" if new else ""
