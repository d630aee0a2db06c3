"""What ``base.pdf`` runs in a process of its own: an order comes in, a PDF or a PNG goes out."""

import json
import resource
import sys
from pathlib import Path

import typst

_MEMORY = 2 << 30


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    order = json.load(sys.stdin)
    template = Path(order["template"])
    nowhere = template.parent / "packages-are-not-fetched"
    compiler = typst.Compiler(
        template,
        root=template.parent,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]]
        ),
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
        sys_inputs={"data": order["data"], "language": order["language"]},
    )
    try:
        if order["sharp"]:
            document = compiler.compile(format="png", ppi=order["sharp"])
        else:
            document = compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    if not isinstance(document, bytes):
        raise TypeError("A document is one file.")
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
