"""The shape and the checksum of API keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import api_keys


def test_new_keys_are_well_formed_and_differ() -> None:
    made = {api_keys.new_key() for _ in range(500)}
    assert len(made) == 500
    assert all(api_keys.is_well_formed(key) and len(key) == 57 for key in made)


def test_the_checksum_is_the_one_written_down() -> None:
    # CRC-32 of the body is 0xc3c918f8, "3aIPwu" in base 62; another way would refuse every key in use.
    assert api_keys.is_well_formed("fd_live_" + "0" * 43 + "3aIPwu")
    assert not api_keys.is_well_formed("fd_live_" + "0" * 43 + "3aIPwv")


@given(place=st.integers(0, 56), digit=st.sampled_from(api_keys.DIGITS))
def test_any_single_wrong_digit_is_noticed(place: int, digit: str) -> None:
    key = api_keys.new_key()
    changed = key[:place] + digit + key[place + 1 :]
    assert api_keys.is_well_formed(changed) == (changed == key)


@pytest.mark.parametrize("text", ["", "fd_live_", "fd_test_" + "a" * 49, "x" * 10_000, "fd_live_" + "é" * 49])
def test_other_texts_are_no_keys(text: str) -> None:
    assert not api_keys.is_well_formed(text)


def test_a_key_with_a_trailing_newline_is_refused() -> None:
    assert not api_keys.is_well_formed(api_keys.new_key() + "\n")


def test_the_hint_shows_six_digits() -> None:
    key = api_keys.new_key()
    assert api_keys.hint(key) == key[:14]
