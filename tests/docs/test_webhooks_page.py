"""docs/webhooks.md: its checks of signatures work, in each language that this machine runs."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import playwright
import pytest

from app.adapters import webhook_signature

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = '{"type":"TICKET_CREATED","data":{"name":"héllo 日本"}}'.encode()
OLD, NEW, OTHER = (webhook_signature.new_secret() for _ in range(3))
NODE = Path(playwright.__file__).parent / "driver" / "node"
"""The browser tests bring a Node of their own, so that no machine goes without."""
Check = Callable[[str, dict[str, str], bytes], bool]

ASK = """
const asked = JSON.parse(require("node:fs").readFileSync(0));
console.log(isGenuine(asked.secret, asked.headers, Buffer.from(asked.body, "hex")));
"""


def block(language: str) -> str:
    """Return the code of the page in a language, as a reader would copy it."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def python() -> Check:
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102  the page's own code
    return names["is_genuine"]  # type: ignore[no-any-return]


def node() -> Check:
    def check(secret: str, headers: dict[str, str], body: bytes) -> bool:
        asked = json.dumps({"secret": secret, "headers": headers, "body": body.hex()})
        command = [str(NODE), "-e", block("javascript") + ASK]
        ran = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=30)
        return bool(json.loads(ran.stdout))

    return check


CHECKS = [
    pytest.param(python, id="python"),
    pytest.param(node, id="node"),
]


def signed(secrets: list[str], age: int = 0) -> dict[str, str]:
    return webhook_signature.sign(secrets, "evt_1", int(time.time()) - age, BODY)


@pytest.mark.parametrize("made", CHECKS)
@pytest.mark.parametrize(
    ("secret", "headers", "body", "genuine"),
    [
        pytest.param(NEW, lambda: signed([NEW]), BODY, True, id="signed"),
        pytest.param(OLD, lambda: signed([NEW, OLD]), BODY, True, id="former secret"),
        pytest.param(NEW, lambda: signed([NEW, OLD]), BODY, True, id="new secret"),
        pytest.param(NEW, lambda: signed([OTHER]), BODY, False, id="forged"),
        pytest.param(NEW, lambda: signed([NEW]), BODY + b" ", False, id="changed"),
        pytest.param(NEW, lambda: signed([NEW], age=400), BODY, False, id="old"),
        pytest.param(NEW, lambda: signed([NEW], age=-400), BODY, False, id="from the future"),
        pytest.param(
            NEW, lambda: signed([NEW]) | {"webhook-signature": "v1,"}, BODY, False, id="empty signature"
        ),
    ],
)
def test_what_the_desk_signs_is_genuine_and_nothing_else(
    made: Callable[[], Check], secret: str, headers: Callable[[], dict[str, str]], body: bytes, genuine: bool
) -> None:
    assert made()(secret, headers(), body) is genuine


def test_four_languages_are_shown() -> None:
    assert all(block(language) for language in ("python", "javascript", "php", "go"))
