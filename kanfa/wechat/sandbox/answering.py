"""From a call to what goes over the wire: faults first, then the token, then the call itself."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from enum import Enum, auto

from kanfa.wechat.sandbox.api import ENDPOINTS, Answer, Call, Endpoint
from kanfa.wechat.sandbox.codes import Failure
from kanfa.wechat.sandbox.faults import FaultName
from kanfa.wechat.sandbox.state import Recorded, SandboxState


class Ending(Enum):
    """How the connection ends."""

    ANSWER = auto()
    HANG = auto()
    """Nothing is answered, the connection stays."""
    CUT = auto()
    GATEWAY = auto()
    """A gateway's page of HTML with status 502."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent."""

    body: bytes = b""
    ending: Ending = Ending.ANSWER
    code: int = 0
    """`errcode`; 0 for success."""


def reply_to(call: Call, state: SandboxState, client: str) -> Reply:
    """Answer one call of `client` (its address). HTTP status is 200 whatever happens; errors carry a `rid`."""
    endpoint = ENDPOINTS.get(call.path)
    if endpoint is None:
        return failed(Failure(40066), call, state)
    if state.faults.strikes(FaultName.IP):
        return failed(Failure(40164, f"{client} ipv6 ::ffff:{client}, not in whitelist"), call, state)
    if endpoint.needs_token:
        if state.faults.strikes(FaultName.CUT):
            return Reply(ending=Ending.CUT)
        if state.faults.strikes(FaultName.GATEWAY):
            return Reply(ending=Ending.GATEWAY)
    failure = _refused(call, endpoint, state)
    answer = failure or endpoint.answer(call, state)
    if isinstance(answer, Failure):
        return failed(answer, call, state)
    if endpoint.changes:
        state.keep()
    state.calls.append(Recorded(call.path, 0))
    return Reply(_written(answer), _ending(call, state))


def _refused(call: Call, endpoint: Endpoint, state: SandboxState) -> Failure | None:
    """Why the call is not even looked at."""
    if endpoint.method and call.method != endpoint.method:
        return Failure(43002)
    if not endpoint.needs_token:
        return None
    if state.faults.strikes(FaultName.BUSY):
        return Failure(-1)
    if state.faults.strikes(FaultName.QUOTA):
        return Failure(45009)
    if state.faults.strikes(FaultName.INVALID_TOKEN):
        return Failure(40001)
    if state.faults.strikes(FaultName.EXPIRED):
        state.tokens.expire_all()
    return state.tokens.refusal(call.query.get("access_token", ""))


def _ending(call: Call, state: SandboxState) -> Ending:
    if call.path != "draft/add":
        return Ending.ANSWER
    if state.faults.strikes(FaultName.HANG_AFTER_STORE):
        return Ending.HANG
    return Ending.CUT if state.faults.strikes(FaultName.CUT_AFTER_STORE) else Ending.ANSWER


def failed(failure: Failure, call: Call, state: SandboxState) -> Reply:
    """An error as the API sends it, recorded."""
    state.calls.append(Recorded(call.path, failure.code))
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return Reply(_written({"errcode": failure.code, "errmsg": f"{failure.words} rid: {rid}"}), code=failure.code)


def _written(answer: Answer) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
