"""Staging a draft: looked for, uploaded, added or updated, read back, compared. Safe to be killed anywhere.

Before each call that changes the draft box a record says what is about to be done, and after it what came of it.
draft/add cannot be repeated safely, so a run that does not know whether it succeeded looks for the draft first:
by title and digest, or by the address of the issue's page. A draft that a person changed is not overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kanfa.deliver.wechat_article import Picture, Post, payloads
from kanfa.deliver.wechat_compare import FLAGS, differences, essence_of, fingerprint, payload_hash
from kanfa.deliver.wechat_records import Mark, Phase, Record, Records
from kanfa.errors import ApiRefused, ApiUnanswered, DeliveryFailed
from kanfa.wechat.api.answers import Article, Listed
from kanfa.wechat.api.client import PAUSES, Client

RESTAGED = 2
"""How often a draft that came back different is sent again: WeChat sporadically blanks a style (measured)."""
NO_MEDIA = 40007
"""No such media_id: of a draft, or of the cover that an article names."""
BY_FORCE = "add --force to the command"


@dataclass(frozen=True, slots=True)
class Result:
    """What staging did."""

    media_id: str
    changed: bool
    """False when the draft was there as it should be."""
    note: str = ""
    """More for people; may be empty."""


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
    force: bool = False
    _fresh: bool = False
    """Whether uploads are made anew because the draft that held them is gone."""

    def run(self) -> Result:
        """Bring the draft box to where the release asks for.

        Raises ApiRefused and ApiUnanswered; DeliveryFailed when a person changed or removed the draft, when the
        number of articles changed, or when WeChat stored something else than was sent.
        """
        record = self.records.draft(self.issue)
        record, stored = self._found(record)
        if stored is not None and record is not None and len(stored) != len(self.post.parts):
            record, stored = self._other_count(record, stored)
        made = self._payloads()
        if stored is None or record is None:
            return self._read_back(*self._added(made, record), note=_left(record))
        return self._brought_up_to_date(made, record, stored)

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
        if record is None:
            record = Record(issue=self.issue, release=self.release, phase=Phase.SENDING)
        record = record.model_copy(update={"phase": Phase.SENDING, "media_id": media_id, "sent": ()})
        return self.records.save(record)

    def _look(self, record: Record | None) -> str | None:
        """The media_id of a draft that is this issue's, by what we wanted to send or were about to send before."""
        ours = [tuple(self._marks()), *([record.marks] if record is not None and record.marks else [])]
        foreign = self.records.of_others(self.issue) | set(record.replaced if record is not None else ())
        listed = [draft for draft in self.client.drafts() if draft.media_id not in foreign]
        for fits in (_same_marks, _same_page):
            found = list(dict.fromkeys(draft.media_id for draft in listed if any(fits(draft, marks) for marks in ours)))
            if len(found) > 1:
                raise DeliveryFailed(
                    f"{len(found)} drafts look like issue {self.issue}: {', '.join(found)}\n"
                    "    cure: delete all but one in the draft box (草稿箱) and deliver again"
                )
            if found:
                return found[0]
        return None

    def _marks(self) -> list[Mark]:
        return [Mark(title=part.title, digest=part.digest, source=part.content_source_url) for part in self.post.parts]

    # ------------------------------------------------------------ people

    def _refuse_human_changes(
        self, made: Sequence[Mapping[str, Any]], record: Record, stored: Sequence[Article]
    ) -> None:
        """A draft that differs both from what was last read back and from what was sent since was changed by hand."""
        pending = {*record.pending, *(() if record.known else map(essence_of, made))}
        changed = [
            article
            for article in stored
            if fingerprint(article) not in record.known and essence_of(article.model_dump()) not in pending
        ]
        if not changed or self.force:
            return
        titles = ", ".join(f"“{article.title}”" for article in changed)
        raise DeliveryFailed(
            f"the draft {record.media_id} was changed in the draft box after it was staged ({titles}), or was not "
            f"staged by this machine; it is left alone\n"
            f"    cure: take the changes over into the issue; to overwrite them (a copy is kept), {BY_FORCE}"
        )

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

    def _payloads(self) -> list[dict[str, Any]]:
        addresses = {
            picture.sha256: self._uploaded("body", picture, self.client.upload_picture)
            for picture in self.post.body_pictures()
        }
        covers = {
            picture.sha256: self._uploaded("cover", picture, self.client.upload_cover) for picture in self.post.covers()
        }
        return payloads(self.post, addresses, covers)

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

    def _added(self, made: list[dict[str, Any]], record: Record | None) -> tuple[list[dict[str, Any]], Record]:
        """Add the draft once, whatever the line does; the record has its media_id when this returns."""
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
                found = self._look(intent)
                if found is not None:
                    return made, self._adopted(intent, found)
                if not pause:
                    raise
            else:
                sent = tuple(payload_hash(payload) for payload in made)
                update = {"media_id": media_id, "phase": Phase.SENDING, "sent": sent}
                return made, self.records.save(intent.model_copy(update=update))
        raise ApiUnanswered("draft/add: WeChat did not take the draft; deliver again later")

    def _intent(self, made: Sequence[Mapping[str, Any]], record: Record | None) -> Record:
        before = record.pending if record is not None else ()
        return self.records.save(
            Record(
                issue=self.issue,
                release=self.release,
                phase=Phase.ADDING,
                marks=tuple(self._marks()),
                pending=tuple(dict.fromkeys([*before, *map(essence_of, made)])),
                replaced=record.replaced if record is not None else (),
            )
        )

    def _forget_covers(self) -> None:
        for picture in self.post.covers():
            self.records.forget_upload("cover", picture.sha256)

    # ------------------------------------------------------------ updating

    def _brought_up_to_date(self, made: list[dict[str, Any]], record: Record, stored: Sequence[Article]) -> Result:
        made = [_with_flags(payload, article) for payload, article in zip(made, stored, strict=True)]
        wanted = tuple(payload_hash(payload) for payload in made)
        equal = not _all_differences(made, stored)
        if record.sent == wanted and record.known and equal:  # perhaps saved in the editor since, but not changed
            update = {"release": self.release, "phase": Phase.STAGED, "differences": ()}
            self.records.save(record.model_copy(update=update))
            return Result(record.media_id, changed=False)
        self._refuse_human_changes(made, record, stored)
        if not record.sent and equal:  # its answer was lost; it is there all the same
            return self._read_back(made, self._sending(made, record))
        known = record.known if len(record.known) == len(stored) else ("",) * len(stored)
        stale = [
            index
            for index, (payload, article) in enumerate(zip(made, stored, strict=True))
            if record.sent[index : index + 1] != (wanted[index],)
            or known[index] != fingerprint(article)
            or record.phase is not Phase.STAGED
        ]
        copy = self.records.back_up(self.issue, record.media_id, stored, self.client.now())
        record = self._updated(made, record, stale)
        return self._read_back(made, record, note=f"the draft as it was before is kept in {_short(copy)}")

    def _sending(self, made: Sequence[Mapping[str, Any]], record: Record) -> Record:
        pending = tuple(dict.fromkeys([*record.pending, *map(essence_of, made)]))
        update = {
            "release": self.release,
            "phase": Phase.SENDING,
            "marks": tuple(self._marks()),
            "pending": pending,
            "sent": tuple(map(payload_hash, made)),
        }
        return self.records.save(record.model_copy(update=update))

    def _updated(self, made: Sequence[Mapping[str, Any]], record: Record, indexes: Sequence[int]) -> Record:
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

    def _read_back(self, made: list[dict[str, Any]], record: Record, note: str = "") -> Result:
        for again in range(RESTAGED + 1):
            stored = self.client.draft(record.media_id)
            if stored is None or len(stored) != len(made):
                there = "nothing" if stored is None else f"{len(stored)} article(s)"
                raise DeliveryFailed(f"the draft {record.media_id} was staged, but {there} can be read back")
            found = _all_differences(made, stored)
            record = self.records.save(
                record.model_copy(
                    update={
                        "phase": Phase.DIFFERENT if found else Phase.STAGED,
                        "known": tuple(map(fingerprint, stored)),
                        "sent": tuple(map(payload_hash, made)),
                        "pending": (),
                        "differences": tuple(found),
                    }
                )
            )
            if not found:
                return Result(record.media_id, changed=True, note=note)
            if again < RESTAGED:
                if any("pictures:" in line for line in found):  # what was uploaded long ago may be gone
                    made = self._with_new_pictures(made)
                alone = len(made) == 1
                pairs = enumerate(zip(made, stored, strict=True))
                stale = [number for number, pair in pairs if differences(*pair, alone=alone)]
                record = self._updated(made, record, stale)
        raise DeliveryFailed(
            f"{Phase.DIFFERENT}: the draft {record.media_id} is in the draft box, but WeChat stored something else "
            "than was sent:\n    " + "\n    ".join(found) + "\n    cure: look at the draft; deliver again to repeat"
        )

    def _with_new_pictures(self, made: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        for picture in self.post.body_pictures():
            self.records.forget_upload("body", picture.sha256)
        fresh = self._payloads()
        return [{**new, **{name: old[name] for name in FLAGS}} for new, old in zip(fresh, made, strict=True)]


def _same_marks(draft: Listed, marks: Sequence[Mark]) -> bool:
    """Titles, digests and pages are the same; an empty digest, or one among several articles, is not compared."""
    return len(draft.articles) == len(marks) and all(
        there.title == mark.title
        and there.content_source_url == mark.source
        and (not mark.digest or len(marks) > 1 or there.digest == mark.digest)
        for there, mark in zip(draft.articles, marks, strict=True)
    )


def _same_page(draft: Listed, marks: Sequence[Mark]) -> bool:
    """阅读原文 of the first article leads to the issue's own page."""
    return bool(draft.articles and marks[0].source) and draft.articles[0].content_source_url == marks[0].source


def _with_flags(payload: Mapping[str, Any], stored: Article) -> dict[str, Any]:
    """Comments are opened and closed on the web: an update keeps what a person chose there."""
    return {**payload, **{name: getattr(stored, name) for name in FLAGS}}


def _all_differences(made: Sequence[Mapping[str, Any]], stored: Sequence[Article]) -> list[str]:
    alone = len(made) == 1
    found = []
    for number, (payload, article) in enumerate(zip(made, stored, strict=True), 1):
        prefix = "" if alone else f"article {number}: "
        found += [f"{prefix}{line}" for line in differences(payload, article, alone=alone)]
    return found


def _left(record: Record | None) -> str:
    replaced = record.replaced if record is not None else ()
    return f"delete by hand: {', '.join(replaced)}" if replaced else ""


def _short(path: Path) -> str:
    return "/".join(path.parts[-4:])
