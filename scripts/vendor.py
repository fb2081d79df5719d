"""Fetch the browser libraries we ship, at the versions named here, and write down what they are.

`python scripts/vendor.py` packs each npm package, copies the few files we use, draws the icon set and
writes the two manifests that `tests/static/test_vendor.py` checks. Nothing else ever fetches them.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "app/static/vendor"
TESTED = ROOT / "tests/vendor"
ICONS = ROOT / "app/templates/ui/icons.html"
LUCIDE = "lucide-static@1.62.0"

FILES: dict[str, dict[str, str]] = {
    "htmx.org@4.0.1": {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"},
    "sortablejs@1.15.7": {"Sortable.min.js": "sortable.min.js", "LICENSE": "sortable.LICENSE"},
    "tom-select@2.6.2": {
        "dist/js/tom-select.complete.min.js": "tom-select.min.js",
        "LICENSE": "tom-select.LICENSE",
    },
    "@fontsource-variable/inter@5.3.0": {
        "LICENSE": "inter.LICENSE",
        **{
            f"files/inter-{subset}-wght-normal.woff2": f"inter-{subset}.woff2"
            for subset in ("latin", "latin-ext", "cyrillic")
        },
    },
}
TEST_FILES = {"axe-core@4.14.1": {"axe.min.js": "axe.min.js", "LICENSE": "axe.LICENSE"}}

ICON_NAMES = (Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split()


def main() -> None:
    """Fetch everything and write the manifests."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shipped = [entry for spec, files in FILES.items() for entry in take(spec, files, SHIPPED, folder)]
        shipped += draw_icons(folder)
        tested = [entry for spec, files in TEST_FILES.items() for entry in take(spec, files, TESTED, folder)]
    write(SHIPPED, shipped)
    write(TESTED, tested)


def take(spec: str, files: dict[str, str], target: Path, scratch: Path) -> list[dict[str, str]]:
    """Copy the named files of one package; return their manifest entries."""
    package = unpack(spec, scratch)
    target.mkdir(parents=True, exist_ok=True)
    entries = []
    for source, name in files.items():
        content = re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", (package / source).read_bytes())
        (target / name).write_bytes(content)
        entries.append(entry(target / name, package))
    return entries


def unpack(spec: str, scratch: Path) -> Path:
    """Let npm fetch one package and return the folder with its files."""
    folder = scratch / spec.replace("/", "_")
    if folder.exists():
        return folder / "package"
    done = subprocess.run(
        ["npm", "pack", "--silent", spec], cwd=scratch, check=True, capture_output=True, text=True
    )
    with tarfile.open(scratch / done.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def draw_icons(scratch: Path) -> list[dict[str, str]]:
    """Write the icons as one Jinja dictionary of their inner SVG, so that a macro can inline them."""
    package = unpack(LUCIDE, scratch)
    lines = [f"  \"{name}\": '{inner(package / 'icons' / f'{name}.svg')}'," for name in ICON_NAMES]
    head = "{#- Lucide icons (ISC licence), written by scripts/vendor.py -#}\n{%- set icons = {"
    ICONS.write_text("\n".join([head, *lines, "} -%}", ""]), encoding="utf-8")
    return [entry(ICONS, package), *take(LUCIDE, {"LICENSE": "lucide.LICENSE"}, SHIPPED, scratch)]


def inner(svg: Path) -> str:
    """Return what stands inside the <svg> element, on one line."""
    match = re.search(r"<svg[^>]*>(.*)</svg>", svg.read_text(encoding="utf-8"), re.DOTALL)
    if match is None:
        sys.exit(f"{svg.name} holds no <svg>")
    return re.sub(r"\s*\n\s*", "", match[1]).strip()


def entry(path: Path, package: Path) -> dict[str, str]:
    """Return what the manifest says of one file."""
    facts: dict[str, Any] = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return {
        "file": str(path.relative_to(ROOT)),
        "package": facts["name"],
        "version": facts["version"],
        "licence": facts["license"],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def write(folder: Path, entries: list[dict[str, str]]) -> None:
    """Write one manifest."""
    (folder / "manifest.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
