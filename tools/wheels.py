"""Gather everything an installation needs in a folder, so that it needs no network.

``python3 tools/wheels.py FOLDER``: Samplan's own wheel, and those of what it is built on, in the
versions of requirements.lock, for the machine and the Python that run this.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([a-zA-Z0-9._-]+)==(\S+)", re.MULTILINE)


def main(target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("samplan-*.whl"):
        old.unlink()
    try:
        run(*pip("wheel"), "--no-deps", "--wheel-dir", str(target), str(ROOT))
        (built,) = target.glob("samplan-*.whl")
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
            pins.write("\n".join(f"{name}=={version}" for name, version in pinned()))
            pins.flush()
            run(
                *(*pip("download"), "--dest", str(target)),
                *("--only-binary", ":all:", "--constraint", pins.name, str(built)),
            )
    except subprocess.CalledProcessError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    print(f"{len(list(target.glob('*.whl')))} wheels in {target}.")
    return 0


def pinned() -> list[tuple[str, str]]:
    """Names and versions as the lock file has them."""
    return _PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def pip(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pip", command, "--quiet")


def run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).absolute()))
