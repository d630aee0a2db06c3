"""What Samplan is built on: the packages of both locks, and under which licence each is.

``python tools/parts.py FOLDER`` writes a bill of materials for each lock, as CycloneDX 1.6.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON, JAVASCRIPT = ROOT / "requirements.lock", ROOT / "web" / "editor" / "package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)\\?$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
#: How some packages say what the list of SPDX calls otherwise.
_SAID = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Artistic License": "Artistic-1.0-Perl",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "CC0": "CC0-1.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
    "lGPLv3": "LGPL-3.0-only",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
#: Packages that say nothing of it, or not which of several it is, as their sources do.
_SILENT = {"axe-playwright-python": "MIT", "pyasn1-modules": "BSD-2-Clause"}


@dataclass(frozen=True, slots=True)
class Part:
    """A package of a lock; ``licence`` is an SPDX expression, empty where it is not known here."""

    name: str
    version: str
    kind: str
    licence: str
    hashes: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The package URL, by which tools know it."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def python_parts() -> list[Part]:
    """Those for other machines than this one have no licence here."""
    text = PYTHON.read_text(encoding="utf-8")
    pins = list(_PIN.finditer(text))
    ends = [*(pin.start() for pin in pins[1:]), len(text)]
    return [
        Part(
            pin[1],
            pin[2],
            "pypi",
            _python_licence(pin[1]),
            tuple(("SHA-256", found) for found in _HASH.findall(text[pin.start() : end])),
        )
        for pin, end in zip(pins, ends, strict=True)
    ]


def javascript_parts() -> list[Part]:
    locked = json.loads(JAVASCRIPT.read_text(encoding="utf-8"))["packages"]
    return [
        Part(path.rpartition("node_modules/")[2], said["version"], "npm", _licence(said))
        for path, said in locked.items()
        if path
    ]


def _licence(said: dict[str, str]) -> str:
    named = said.get("license", "")
    return _SAID.get(named, named)


def bill(parts: list[Part]) -> dict[str, Any]:
    """A bill of materials; the same parts give the same bill."""
    version = metadata.version("samplan") if _installed("samplan") else "0"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "samplan",
                "version": version,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": [_component(part) for part in sorted(parts, key=lambda each: each.address)],
    }


def _component(part: Part) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "library",
        "bom-ref": part.address,
        "name": part.name,
        "version": part.version,
        "purl": part.address,
    }
    if part.licence:
        said["licenses"] = [{"expression": part.licence}]
    if part.hashes:
        said["hashes"] = [{"alg": name, "content": content} for name, content in part.hashes]
    return said


def _installed(name: str) -> bool:
    return next(iter(metadata.distributions(name=name)), None) is not None


def _python_licence(name: str) -> str:
    if not _installed(name):
        return ""
    said = next((each for each in _claims(metadata.metadata(name)) if each), "")
    return _SILENT.get(name) or _SAID.get(said, said)


def _claims(told: Any) -> Iterator[str]:
    """What a package says of its licence, the clearest first."""
    yield told.get("License-Expression") or ""
    first, _, rest = (told.get("License") or "").strip().partition("\n")
    classified = [
        each.rpartition(":: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    yield first.strip() if first and not rest else ""
    yield from (each for each in classified if each in _SAID)
    yield first.strip()


def main(target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    for name, parts in (("python", python_parts()), ("javascript", javascript_parts())):
        file = target / f"samplan-{name}.cdx.json"
        file.write_text(json.dumps(bill(parts), indent=1) + "\n", encoding="utf-8")
        print(f"{file}: {len(parts)} parts")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
