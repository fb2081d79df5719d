"""What the log holds of a value: never an address, never the path of a link."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.record.discreet import discreet

WORDS = st.text(alphabet=string.ascii_letters + string.digits + "äß._-+", min_size=1)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://hooks.example.com/services/T0/B1/s3cret?token=x", "https://hooks.example.com"),
        ("http://user:pass@127.0.0.1:8080/x", "http://127.0.0.1:8080"),
        ("write to ann@example.com, or bob@example.org", "write to [address], or [address]"),
        (
            {"all": [{"field": "email", "value": "ann@example.com"}]},
            {"all": [{"field": "email", "value": "[address]"}]},
        ),
        ({"ann@example.com": 1}, {"[address]": 1}),
        (("a", 1, None, True, 1.5), ["a", 1, None, True, 1.5]),
        ("plain words: 12 → 13", "plain words: 12 → 13"),
        ("@", "@"),
    ],
)
def test_a_value_is_kept_without_addresses(value: Any, kept: Any) -> None:
    assert discreet(value) == kept


@given(local=WORDS, host=WORDS, around=st.sampled_from(["{}", "<{}>", "to: {};", '"{}"', "mailto:{}"]))
def test_no_address_passes(local: str, host: str, around: str) -> None:
    assert f"{local}@{host}" not in str(discreet({"value": [around.format(f"{local}@{host}")]}))
