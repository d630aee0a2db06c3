"""Create .venv from requirements.lock with uv; runs on a bare Python 3.11 or newer.

uv is taken from PATH, else put into a small environment of its own.
"""

import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".venv"
BOOTSTRAP = ROOT / ".venv-uv"


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before pip could refuse
        print(f"Samplan needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    started = time.monotonic()
    print("Setting up the environment (.venv); the first time takes a minute or two …", flush=True)
    try:
        uv = find_uv()
        if not (TARGET / "bin" / "python").exists():
            run(uv, "venv", "--quiet", "--python", sys.executable, str(TARGET))
        lock = str(ROOT / "requirements.lock")
        run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", str(TARGET), lock)
    except subprocess.CalledProcessError as error:
        print(f"Stopped at: {' '.join(map(str, error.cmd))}\nIs the package index reachable?")
        return 1
    print(f"Environment ready after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def find_uv() -> str:
    found = shutil.which("uv")
    if found:
        return found
    if not (BOOTSTRAP / "bin" / "uv").exists():
        venv.create(BOOTSTRAP, with_pip=True)
        run(str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv")
    return str(BOOTSTRAP / "bin" / "uv")


def run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main())
