"""What the program never needs is not loaded with it, and is there for whoever asks for it all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, os, sys
import config
from app import create_app

create_app(config.settings(os.environ))
from app.core import late

waiting = {name for name, module in sys.modules.items() if type(module).__name__ == "_LazyModule"}
before = "sqlalchemy.dialects.oracle.base" in sys.modules
from sqlalchemy.dialects import oracle

print(json.dumps([sorted(late.MODULES - waiting), before, oracle.NUMBER.__name__]))
"""


def test_drivers_of_other_databases_wait_until_they_are_asked_for(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={
            "DATABASE_URL": "postgresql://x@127.0.0.1/x",
            "REDIS_URL": "redis://x",
            "DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(said) == [[], False, "NUMBER"]


def test_importing_the_package_needs_the_standard_library_alone() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import app, app.launch.watch, app.embedded"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)
