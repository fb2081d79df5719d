"""The project's own Python environment, `.venv`, made from a lock file with hashes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from app.launch.console import Failure, say, step

RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
INSTALLER = "requirements-installer.lock"


class Environment:
    """`.venv` beside run.py. A stamp in it says from which lock files it was filled to the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "frontdesk.json"

    def is_current(self, lock: str) -> bool:
        """Whether the environment holds what `lock` asks for."""
        return self._read_stamp().get(lock) == self._digest(lock) and self.python.exists()

    def prepare(self, lock: str) -> None:
        """Make or bring up to date what is missing. Raises Failure with the remedy."""
        if self.is_current(lock):
            return
        with self._alone():
            if not self.is_current(lock):
                self._make()
                self._fill(lock)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands started at once must not fill the same folder; the lock file itself is the lock."""
        with (self.root / RUNTIME).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        if not os.access(self.root, os.W_OK):
            raise Failure(
                f"The folder {self.root} is read-only for this user, so .venv cannot be made in it.\n"
                f"Copy the project to a folder of yours, or: sudo chown -R $(id -un) {self.root}"
            )
        if self._works():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        with step("Making the Python environment .venv"):
            if not self._make_with_uv():
                self._make_with_venv()

    def _works(self) -> bool:
        """Whether a usable environment is there; a half-made or moved one is not."""
        if not self.python.exists():
            return False
        check = [str(self.python), "-c", "import sys; assert sys.version_info >= (3, 11)"]
        if subprocess.run(check, capture_output=True, check=False).returncode:
            return False
        return bool(shutil.which("uv")) or self._has_pip()

    def _has_pip(self) -> bool:
        check = [str(self.python), "-m", "pip", "--version"]
        return subprocess.run(check, capture_output=True, check=False).returncode == 0

    def _make_with_uv(self) -> bool:
        uv = shutil.which("uv")
        if uv is None:
            return False
        command = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _make_with_venv(self) -> None:
        command = [sys.executable, "-m", "venv", str(self.folder)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)  # venv leaves a half-made folder behind
            raise Failure(_venv_remedy(made.stdout + made.stderr))

    def _fill(self, lock: str) -> None:
        count = sum(1 for line in (self.root / lock).read_text().splitlines() if "==" in line.split("#")[0])
        with step(f"Installing {count} packages from {lock}"):
            if not self._fill_with_uv(lock, self._uv()):
                self._fill_with_pip(lock)
            stamp = self._read_stamp() | {lock: self._digest(lock)}
            if lock == DEVELOPMENT:  # it holds all of the other
                stamp[RUNTIME] = self._digest(RUNTIME)
            self.stamp.write_text(json.dumps(stamp))

    def _uv(self) -> str | None:
        """Return a uv to install with: the machine's, else one of our own, else none."""
        own = self.folder / "bin" / "uv"
        if found := shutil.which("uv"):
            return found
        if not own.exists() and self._has_pip():
            self._pip_install(INSTALLER)
        return str(own) if own.exists() else None

    def _fill_with_uv(self, lock: str, uv: str | None) -> bool:
        if uv is None:
            return False
        command = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            str(self.python),
            "--require-hashes",
            "-r",
            lock,
        ]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"\nuv did not succeed, pip is tried instead. uv said:\n{_last_lines(done.stderr, 3)}")
        return done.returncode == 0

    def _fill_with_pip(self, lock: str) -> None:
        if not self._has_pip():
            self._make_with_venv()
        done = self._pip_install(lock)
        if done.returncode:
            raise Failure(
                f"The packages of {lock} could not be installed. pip said:\n{_last_lines(done.stderr, 12)}\n"
                "Check the network (or pip's own index setting) and start again; what is there is kept."
            )

    def _pip_install(self, lock: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        command += ["--quiet", "--no-compile", "--no-deps", "--require-hashes", "-r", lock]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)

    def _read_stamp(self) -> dict[str, str]:
        try:
            read = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def _digest(self, lock: str) -> str:
        return hashlib.sha256((self.root / lock).read_bytes()).hexdigest()


def _last_lines(text: str, count: int) -> str:
    return "\n".join(text.strip().splitlines()[-count:])


def _venv_remedy(said: str) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if "ensurepip" in said or "No module named venv" in said:
        return (
            "This Python cannot make environments: its venv module is not installed.\n"
            f"Debian, Ubuntu: apt-get install python{version}-venv   (or put uv on PATH, and start again)"
        )
    return f"The environment .venv could not be made:\n{_last_lines(said, 8)}"
