"""How audit rows are chained, and what is wrong with a chain. Pure."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from base import crypto

START = b""


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
    written = json.dumps([*said, code, detail], sort_keys=True, separators=(",", ":"))
    return crypto.digest(previous, written.encode())


def sign(key: bytes, chain: str, seq: int, digest: bytes) -> bytes:
    return hmac.digest(key, f"{chain}/{seq}/{digest.hex()}".encode(), "sha256")


def examine(
    links: Sequence[Link], head: Head | None, *, key: bytes, chain: str
) -> tuple[Finding, ...]:
    """What is wrong, by row; ``links`` come in the order of ``seq``; nothing wrong: empty."""
    findings = []
    previous, expected = START, 1
    for link in links:
        if link.seq != expected:
            findings.append(Finding(link.seq, "missing"))
        elif link.previous != previous:
            findings.append(Finding(link.seq, "cut"))
        if link.digest != _digest_of(link):
            findings.append(Finding(link.seq, "changed"))
        previous, expected = link.digest, link.seq + 1
    return (*findings, *_examine_head(head, expected - 1, previous, key, chain))


def _examine_head(
    head: Head | None, seq: int, digest: bytes, key: bytes, chain: str
) -> list[Finding]:
    if head is None:
        return [Finding(0, "no_head")]
    if not hmac.compare_digest(head.signature, sign(key, chain, head.seq, head.digest)):
        return [Finding(0, "forged_head")]
    if (head.seq, head.digest) != (seq, digest):
        return [Finding(0, "tail_differs")]
    return []


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
