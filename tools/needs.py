"""Find or install what the tests need beyond .venv: a Chromium. One line says what is missing."""

import os
import shutil
import subprocess
import sys

#: The same browser without the machinery of windows comes first: a third of the processor time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def main() -> int:
    if find_browser() or install_by_apt() or install_by_playwright():
        return 0
    print("Browser tests need Chromium (Debian: apt-get install chromium-headless-shell).")
    return 1


def find_browser() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_by_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", NAMES[0]]):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode:
            return False
    return find_browser() is not None


def install_by_playwright() -> bool:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
