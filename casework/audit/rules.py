"""How audit rows are chained, and what is wrong with a chain. Pure."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from base import crypto

START = b""
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
#: What each kind of finding means.
MEANING = {
    "missing": "rows before this one are missing, or it stands in another place",
    "cut": "it does not follow from the row before it",
    "changed": "it does not say what it said when it was written",
    "no_head": "the note of where the chain ends is gone",
    "forged_head": "the note of where the chain ends is not signed by this installation",
    "tail_differs": "the chain does not end where its signed note says",
    "rolled_back": "this row was there before and is gone, or was another: an older copy",
    "vanished": "the whole chain was there before and is gone",
    "unchained": "this case has no chain",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a chain, as it was stored."""

    chain: str
    seq: int
    at: datetime
    actor: str
    organisation_id: int | None
    action: str
    target: str
    code: str
    detail: Mapping[str, Any]
    previous: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain is said to end."""

    seq: int
    digest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a chain; ``seq`` is the first row concerned, 0 the head."""

    seq: int
    code: str


def digest(
    *,
    chain: str,
    seq: int,
    at: datetime,
    actor: str,
    organisation_id: int | None,
    action: str,
    target: str,
    code: str,
    detail: Mapping[str, Any],
    previous: bytes,
) -> bytes:
    """Over everything the row says and the digest of the row before it."""
    said = [chain, seq, at.astimezone(UTC).isoformat(), actor, organisation_id, action, target]
    return crypto.digest(previous, _ENCODER.encode([*said, code, detail]).encode())


def sign(key: bytes, chain: str, seq: int, digest: bytes) -> bytes:
    return hmac.digest(key, f"{chain}/{seq}/{digest.hex()}".encode(), "sha256")


def signed_with(keys: Sequence[bytes], chain: str, head: Head) -> bytes | None:
    """Which of these keys has signed the head; None: none of them."""
    signed = ((key, sign(key, chain, head.seq, head.digest)) for key in keys)
    return next((key for key, by in signed if hmac.compare_digest(head.signature, by)), None)


@dataclass
class Walk:
    """Goes along one chain, row by row, remembering only the last one."""

    chain: str
    rows: int = 0
    _previous: bytes = START
    _expected: int = 1

    def take(self, link: Link) -> list[Finding]:
        """What is wrong with the next row."""
        findings = []
        if link.seq != self._expected:
            findings.append(Finding(link.seq, "missing"))
        elif link.previous != self._previous:
            findings.append(Finding(link.seq, "cut"))
        if link.digest != _digest_of(link):
            findings.append(Finding(link.seq, "changed"))
        self.rows += 1
        self._previous, self._expected = link.digest, link.seq + 1
        return findings

    def end(self, head: Head | None, keys: Sequence[bytes]) -> list[Finding]:
        """What is wrong with where the chain is said to end; one of the keys has signed it."""
        if head is None:
            return [Finding(0, "no_head")]
        if signed_with(keys, self.chain, head) is None:
            return [Finding(0, "forged_head")]
        if (head.seq, head.digest) != (self._expected - 1, self._previous):
            return [Finding(0, "tail_differs")]
        return []


def examine(
    links: Iterable[Link], head: Head | None, *, keys: Sequence[bytes], chain: str
) -> tuple[Finding, ...]:
    """What is wrong, by row; ``links`` come in the order of ``seq``; nothing wrong: empty."""
    walk = Walk(chain)
    findings = [finding for link in links for finding in walk.take(link)]
    return (*findings, *walk.end(head, keys))


def _digest_of(link: Link) -> bytes:
    return digest(
        chain=link.chain,
        seq=link.seq,
        at=link.at,
        actor=link.actor,
        organisation_id=link.organisation_id,
        action=link.action,
        target=link.target,
        code=link.code,
        detail=link.detail,
        previous=link.previous,
    )
