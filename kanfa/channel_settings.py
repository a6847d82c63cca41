"""What kanfa.toml says about each channel: `[email]`, `[pdf]`, `[wechat]`, `[smtp]`, `[dkim]`.

Secrets are never settings: they come from the environment when something is sent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kanfa.setting_types import Address, Mailbox, Phrase, SecureAddress, Settings

Weight = Literal["required", "wanted", "noted", "ignored"]
"""How much a mail client matters: what it cannot show is an error, a warning, a note, or nothing."""

ClientPattern = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.([a-z0-9-]+|\*))?$")]
"""`gmail`, `gmail.*` (all its platforms) or `gmail.ios`: family and platform as caniemail names them."""


def _known_clients(weights: dict[str, Weight]) -> dict[str, Weight]:
    from kanfa.email.clients.table import table  # the data is read by those alone who weigh clients
    from kanfa.email.clients.weights import unknown

    clients = table().clients
    if pattern := unknown(weights, clients):
        family, dot, _ = pattern.partition(".")
        platforms = [client for client in clients if client.startswith(f"{family}.")] if dot else []
        known = ", ".join(platforms or dict.fromkeys(client.partition(".")[0] for client in clients))
        raise ValueError(f"“{pattern}” is no mail client of caniemail.com's data; there are: {known}")
    return weights


TokenName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class EmailSettings(Settings):
    """`[email]`: sender, list, the addresses each subscriber's mail carries, and how the mail looks."""

    from_name: Phrase = ""
    """Display name of the sender; the publication's name when empty."""
    from_address: Mailbox = "weekly@newsletter.invalid"
    to_address: Mailbox = "subscriber@newsletter.invalid"
    """Sample recipient of the staged message; delivery replaces it."""
    list_id: str = Field(
        default="weekly.newsletter.invalid", pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$", max_length=255
    )
    """Host-like identifier for List-Id (RFC 2919)."""
    unsubscribe_url: SecureAddress = "https://unsub.invalid/__UNSUB__"
    """Holds a token without spaces or braces that delivery replaces for each subscriber."""
    preferences_url: Address | None = None
    postal_address: str = ""
    """Shown in the footer when given."""
    subject_prefix: Phrase = ""
    """Put before the subject, e.g. “广告” or “AD” where the law wants advertising named."""
    too_long: Literal["refuse", "cut"] = "refuse"
    """What becomes of an issue whose mail Gmail would clip: an error, or the first sections with a link to the rest."""
    clients: Annotated[dict[ClientPattern, Weight], AfterValidator(_known_clients)] = Field(default_factory=dict)
    """How much each mail client matters; the nearest pattern counts, what is not named has its default weight."""
    tokens: dict[TokenName, str] = Field(default_factory=dict)
    """Colours, sizes and spaces that differ from templates/email/tokens.toml, by their names there."""


class PdfSettings(Settings):
    """`[pdf]`: the archival edition."""

    page_size: Literal["A4", "Letter", "phone"] = "A4"
    """`phone` is a page as wide as a telephone's screen, for reading without zooming."""
    medium: Literal["screen", "print"] = "screen"
    """`screen` colours links; `print` sets them like the text and gives their addresses in full."""
    contents_page: Literal["auto", "always", "never"] = "auto"
    """A page of contents with page numbers; `auto` makes one for issues that are long enough to need it."""


class WeChatSettings(Settings):
    """`[wechat]`: the public account's article."""

    author: str = Field(default="", max_length=16)
    """Author field of the draft; the publication's name when empty and short enough."""
    theme: str = Field(default="plain", pattern=r"^[a-z][a-z0-9-]*$")
    """Name of a CSS file under templates/wechat/."""
    privileged_links: bool = False
    """Whether the account may publish outside links; most may not."""
    too_long: Literal["refuse", "cut", "split"] = "refuse"
    """What becomes of an issue that WeChat would refuse for its length: an error, the first sections with 阅读原文
    leading to the rest, or several articles (上 / 下)."""
    link_codes: bool = False
    """Whether each outside address also gets a QR code in the list of references."""
    api: Address = "https://api.weixin.qq.com"
    """Where the API answers: WeChat's own address, or a sandbox's. Only loopback may be without https."""


class SmtpSettings(Settings):
    """`[smtp]`: the server that takes mail. User and password come from KANFA_SMTP_USER and KANFA_SMTP_PASSWORD."""

    host: str = Field(default="localhost", pattern=r"^[A-Za-z0-9.:-]+$")
    port: int | None = Field(default=None, gt=0, lt=65536)
    """587 for `starttls`, 465 for `tls`, 25 for `none` when not given."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` is for a catcher on this machine; a password is never sent without encryption."""
    timeout: float = Field(default=30, gt=0, le=600)
    """Seconds for each step of the conversation."""


class DkimSettings(Settings):
    """`[dkim]`: signing (RFC 6376). The private key is the file that KANFA_DKIM_KEY_FILE names."""

    domain: str = Field(default="", pattern=r"^([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+)?$", max_length=253)
    """Signing domain, that of the sender's address; nothing is signed when empty."""
    selector: str = Field(default="", pattern=r"^([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)?$", max_length=63)
