"""Encryption at rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.vault import Damaged, UnknownKey, Vault, VaultError, from_config

OLD, NEW = "o" * 32, "n" * 48


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens(text: str) -> None:
    vault = Vault(NEW)
    assert vault.open(vault.seal(text, "test"), "test") == text


def test_the_sealed_text_shows_nothing_and_never_repeats() -> None:
    vault = from_config({"DATA_KEY": NEW})
    first, second = vault.seal("whsec_secret", "test"), vault.seal("whsec_secret", "test")
    assert first != second
    assert "whsec" not in first


def test_another_key_is_named_in_the_error() -> None:
    sealed = Vault(OLD).seal("secret", "test")
    with pytest.raises(UnknownKey) as caught:
        Vault(NEW).open(sealed, "test")
    assert caught.value.key_id == sealed.split(".")[1]
    assert caught.value.key_id in str(caught.value)


def test_after_rotation_old_texts_open_and_new_ones_use_the_first_key() -> None:
    old = Vault(OLD).seal("secret", "test")
    both = Vault(f"{NEW}, {OLD}")
    assert both.open(old, "test") == "secret"
    assert not both.is_current(old)
    renewed = both.seal("secret", "test")
    assert both.is_current(renewed)
    assert Vault(NEW).open(renewed, "test") == "secret"


def test_a_text_sealed_for_another_purpose_stays_closed() -> None:
    vault = Vault(NEW)
    with pytest.raises(Damaged):
        vault.open(vault.seal("secret", "webhooks.secret"), "employees.totp")


@given(place=st.integers(0), letter=st.sampled_from("Ab9-_.="))
def test_a_changed_text_stays_closed(place: int, letter: str) -> None:
    vault = Vault(NEW)
    sealed = vault.seal("a secret of some length", "test")
    place %= len(sealed)
    changed = sealed[:place] + letter + sealed[place + 1 :]
    if changed == sealed:
        return
    with pytest.raises(VaultError):
        vault.open(changed, "test")


@pytest.mark.parametrize("text", ["", "v1", "plain text", "v1..", "v2.abc.def", "é.è.ê"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(VaultError):
        Vault(NEW).open(text, "test")


@pytest.mark.parametrize("key", ["", "short", f"{NEW},", f"{NEW},short"])
def test_a_short_key_is_refused(key: str) -> None:
    with pytest.raises(VaultError, match="32 characters"):
        Vault(key)
