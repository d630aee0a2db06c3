"""Where the built stylesheet and scripts are: plain name → address with the hashed name."""

import json
from pathlib import Path

from base.errors import SamplanError

BUILT = Path(__file__).parent / "static" / "built"


class AssetsNotBuilt(SamplanError):
    """The stylesheet and the scripts are not built: run "make setup"."""


class Assets:
    """The addresses of built files; a rebuild is seen at the next call, without a restart."""

    def __init__(self, folder: Path = BUILT, address: str = "/static/built") -> None:
        self._manifest = folder / "manifest.json"
        self._address = address.rstrip("/")
        self._read_at: int | None = None
        self._names: dict[str, str] = {}

    def url(self, name: str) -> str:
        """The address of ``site.css``, ``editor.css``, ``page.js`` or ``modeler.js``.

        Raises AssetsNotBuilt when there is no manifest, or none that knows the name.
        """
        self._follow()
        if name not in self._names:
            raise AssetsNotBuilt(f'The last build made no {name}: run "make setup".')
        return f"{self._address}/{self._names[name]}"

    def _follow(self) -> None:
        """Read the manifest when it is new; its time changes with each build, never in between."""
        try:
            changed = self._manifest.stat().st_mtime_ns
            if changed != self._read_at:
                self._names = json.loads(self._manifest.read_text())
                self._read_at = changed
        except FileNotFoundError as missing:
            raise AssetsNotBuilt from missing
