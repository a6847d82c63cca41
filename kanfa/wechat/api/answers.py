"""The API's answers, checked: only the fields that are used, every other one is tolerated."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Answer(BaseModel):
    """What every answer may carry; a success may lack `errcode`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    errcode: int = 0
    errmsg: str = ""


class Token(Answer):
    """stable_token."""

    access_token: Text = Field(repr=False)


class Uploaded(Answer):
    """media/uploadimg: the address of a picture, http or https."""

    url: Text


class Material(Answer):
    """material/add_material, draft/add."""

    media_id: Text


class Article(BaseModel):
    """One article of a draft as draft/get and draft/batchget show it."""

    model_config = ConfigDict(extra="allow", frozen=True)
    title: str = ""
    author: str = ""
    digest: str = ""
    content: str = ""
    content_source_url: str = ""
    thumb_media_id: str = ""
    need_open_comment: int = 0
    only_fans_can_comment: int = 0


class Stored(Answer):
    """draft/get."""

    news_item: tuple[Article, ...] = Field(min_length=1)


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    news_item: tuple[Article, ...] = ()


class Listed(BaseModel):
    """One draft of draft/batchget, without its texts."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    media_id: Text
    content: _Content

    @property
    def articles(self) -> tuple[Article, ...]:
        """Its articles; `content` is empty."""
        return self.content.news_item


class Listing(Answer):
    """draft/batchget."""

    total_count: int
    item: tuple[Listed, ...] = ()
