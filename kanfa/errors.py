"""Every error the engine raises on purpose, and nothing else.

    KanfaError                      exit status 2 unless a subclass says otherwise
    ├── UsageError                  wrong words on the command line, an issue that does not exist
    ├── SourceError                 an issue file that cannot be read as text or as front matter; carries a Place
    ├── PublicationError            kanfa.toml is missing, malformed or refused; carries a Place
    ├── EnvironmentProblem          Pango, a font or a server is missing; carries the command that cures it
    │   └── ServerError             the Prefect server cannot be reached or started
    ├── RenderError                 a template or a library failed while rendering; carries the format
    ├── MathError                   TeX that cannot be set; the reader turns it into a finding
    ├── PictureError                a picture that no channel can be given; loading turns it into a finding
    ├── FetchError                  an address that could not be fetched, or must not be; carries address and reason
    └── Refused                     exit status 1: the state forbids it
        ├── NotPublishable          error-level findings stand
        ├── UnknownRelease          no release has this digest
        ├── AlteredRelease          a staged file differs from its manifest
        ├── NotApproved             nobody approved this digest
        └── DeliveryFailed          a channel could not take the release
            ├── ApiRefused          WeChat answered with an error code; carries the code
            ├── ApiUnanswered       WeChat gave no usable answer: nobody knows whether the call was carried out
            ├── ApiUnreachable      WeChat cannot be asked at all: the call was not carried out
            └── MailRefused         the mail server said no to a sender, a recipient or a message

Errors cross process borders (Prefect tasks), so each hands all its arguments to `Exception.__init__`
and can be pickled. What a person reads is `str(error)`: one clear message with the cure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a source file, for error messages."""

    file: str
    """The file as the user named it."""
    line: int
    """1-based line."""
    text: str = ""
    """The text of that line, without its line end."""


class KanfaError(Exception):
    """Base of all errors with a message meant for people; `exit_status` is the command's status."""

    exit_status = 2


class UsageError(KanfaError):
    """The command line names something that does not exist or makes no sense."""


class _PlacedError(KanfaError):
    """An error with a `Place`; printed as `file:line: message` and the offending line below."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message, place)

    @property
    def message(self) -> str:
        """The message without its place."""
        return str(self.args[0])

    @property
    def place(self) -> Place:
        """Where the fault stands."""
        place: Place = self.args[1]
        return place

    def __str__(self) -> str:
        shown = f"\n    {self.place.text.strip()[:160]}" if self.place.text.strip() else ""
        return f"{self.place.file}:{self.place.line}: {self.message}{shown}"


class SourceError(_PlacedError):
    """The issue file cannot be used at all; findings are for everything less."""


class PublicationError(_PlacedError):
    """kanfa.toml cannot be used."""


class EnvironmentProblem(KanfaError):
    """The machine lacks something; `cure` is the one command that mends it."""

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message, cure)

    @property
    def cure(self) -> str:
        """A shell command or an empty string."""
        return str(self.args[1])

    def __str__(self) -> str:
        return f"{self.args[0]}\n    cure: {self.cure}" if self.cure else str(self.args[0])


class ServerError(EnvironmentProblem):
    """The Prefect server cannot be reached or did not start."""


class RenderError(KanfaError):
    """Rendering failed for a reason that is not the editor's text: a template, a library, a limit."""

    def __init__(self, format: str, message: str) -> None:
        super().__init__(format, message)

    @property
    def format(self) -> str:
        """Name of the format that failed."""
        return str(self.args[0])

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.args[1]}"


class MathError(KanfaError):
    """A formula that cannot be set; the message says why."""


class PictureError(KanfaError):
    """A picture that cannot be brought into the form a channel takes; the message says why."""


class FetchError(KanfaError):
    """An address that could not be fetched, or must not be (a private network, too large, the wrong type)."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)

    @property
    def address(self) -> str:
        """What was asked for."""
        return str(self.args[0])

    @property
    def reason(self) -> str:
        """Why it could not be had."""
        return str(self.args[1])

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"


class Refused(KanfaError):
    """The request is understood, and the state of things forbids it."""

    exit_status = 1


class NotPublishable(Refused):
    """Error-level findings stand, so nothing was staged."""


class UnknownRelease(Refused):
    """No staged release has this digest."""


class AlteredRelease(Refused):
    """A staged file is not the one its manifest describes."""


class NotApproved(Refused):
    """The release has no approval in the ledger."""


class DeliveryFailed(Refused):
    """A channel could not take the release; what happened is in the ledger."""


class MailRefused(DeliveryFailed):
    """The mail server said no, in its own words; whether it might say yes later is for its reply code to tell."""

    def __init__(self, server: str, about: str, code: int, words: str) -> None:
        super().__init__(server, about, code, words)

    @property
    def code(self) -> int:
        """The reply code (RFC 5321, 4.2): 400 to 499 means “not now”, 500 to 599 “never”."""
        return int(self.args[2])

    @property
    def is_temporary(self) -> bool:
        """Whether the same mail may be taken later."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        server, about, code, words = self.args
        return f"{server} refused {about}: {code} {words}".rstrip()


class ApiRefused(DeliveryFailed):
    """WeChat's API refused a call; `code` is its `errcode`, 0 for an answer that cannot be used."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message, code)

    @property
    def code(self) -> int:
        """The error code of the API."""
        return int(self.args[1])

    def __str__(self) -> str:
        return str(self.args[0])


class ApiUnreachable(DeliveryFailed):
    """WeChat's API cannot be asked: no access token, or a certificate that proves nothing. Nothing was carried out."""


class ApiUnanswered(DeliveryFailed):
    """WeChat's API was busy, could not be reached or broke off: the call may have been carried out or not."""
