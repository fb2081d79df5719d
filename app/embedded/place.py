"""The two folders the servers of a data folder live in: one for data, one for sockets."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from app.embedded.account import SHARED, Account
from app.embedded.errors import Unavailable


def data_place(data_dir: Path, account: Account) -> Path:
    """Make the folder for the servers' files: `embedded` inside the data folder.

    Where the servers' user cannot reach that, `embedded` is a link to a folder it can. Raises Unavailable.
    """
    place = data_dir.resolve() / "embedded"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            _make(place, account)
    except PermissionError as error:
        raise Unavailable(_not_writable(data_dir)) from error
    if not os.access(place, os.W_OK | os.X_OK):
        raise Unavailable(_not_writable(data_dir))
    return place.resolve()


def _make(place: Path, account: Account) -> None:
    if account.reaches(place):
        place.mkdir(mode=0o700, exist_ok=True)
    else:
        SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
        place.unlink(missing_ok=True)
        place.symlink_to(tempfile.mkdtemp(prefix="data-", dir=SHARED))
    account.give(place.resolve())


def _not_writable(data_dir: Path) -> str:
    return (
        f"The data folder {data_dir} cannot be written by this user.\n"
        "Choose another: DATA_DIR=/a/folder/of/yours python3 run.py"
    )


def socket_place(place: Path, account: Account) -> Path:
    """Make the folder for the sockets, in /tmp because a socket's path must be shorter than 100 bytes.

    Only its owner may enter it, which is why the servers ask for no password. Raises Unavailable when someone
    else owns a folder of that name.
    """
    name = hashlib.sha256(f"{account.uid}:{place}".encode()).hexdigest()[:16]
    folder = Path("/tmp") / f"frontdesk-{name}"  # noqa: S108  (private by mode and owner, checked below)
    if not folder.exists():
        _appear(folder, account)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise Unavailable(
            f"{folder} exists, but is not a private folder of the user the servers run as.\n"
            "Remove it and start again."
        )
    return folder


def _appear(folder: Path, account: Account) -> None:
    """Make a folder that is the account's from the moment it can be seen: another may start just now."""
    made = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    account.give(made)
    try:
        made.rename(folder)
    except OSError:  # the other was first, and uses it already
        made.rmdir()
