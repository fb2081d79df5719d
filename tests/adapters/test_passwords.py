"""Passwords: hashes, the equal cost for unknown people, and the rule for new ones."""

from __future__ import annotations

import time
import unicodedata

import pytest
from argon2 import extract_parameters

from app.adapters import passwords
from app.adapters.passwords import hash_password, needs_rehash, verify_password, weakness

OLD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$9nEJQ3HiPnGvcVGRtdC0zg"


def test_a_hash_opens_with_its_password_only() -> None:
    hashed = hash_password("correct horse")
    assert verify_password(hashed, "correct horse")
    assert not verify_password(hashed, "correct horsE")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


def test_the_cost_is_at_least_what_owasp_asks() -> None:
    cost = extract_parameters(hash_password("correct horse"))
    assert (cost.type.name, cost.memory_cost, cost.time_cost, cost.parallelism) == ("ID", 19456, 2, 1)


@pytest.mark.parametrize("hashed", [None, "", "nonsense", "$argon2id$v=19$m=8", "pbkdf2:sha256$1$x"])
def test_a_missing_or_broken_hash_is_refused(hashed: str | None) -> None:
    assert not verify_password(hashed, "correct horse")


def test_the_stand_in_for_unknown_people_costs_what_a_real_hash_costs() -> None:
    assert not needs_rehash(passwords._NOBODY)


def test_an_unknown_person_takes_as_long_as_a_known_one() -> None:
    known = hash_password("correct horse")
    ratio = _seconds(None) / _seconds(known)
    assert 0.5 < ratio < 2


def _seconds(hashed: str | None) -> float:
    """Return the quickest of five checks, which the machine's other work disturbs least."""
    spent = []
    for _ in range(5):
        started = time.process_time()
        verify_password(hashed, "wrong horse")
        spent.append(time.process_time() - started)
    return min(spent)


def test_a_hash_with_other_parameters_asks_for_a_new_one() -> None:
    assert needs_rehash(OLD_HASH)
    assert not needs_rehash(hash_password("correct horse"))


def test_composed_and_decomposed_letters_are_one_password() -> None:
    hashed = hash_password(unicodedata.normalize("NFC", "crème brûlée"))
    assert verify_password(hashed, unicodedata.normalize("NFD", "crème brûlée"))


def test_a_lone_surrogate_is_a_wrong_password_and_no_crash() -> None:
    assert not verify_password(hash_password("correct horse"), "correct \ud800")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "too_short"),
        ("1234567", "too_short"),
        ("e\u0301" * 7, "too_short"),
        ("x" * 257, "too_long"),
        ("password", "too_common"),
        ("PassWord123", "too_common"),
        ("ada@example.com", "too_personal"),
        ("Ada.Lovelace", "too_personal"),
        ("adamlovelace", "too_personal"),
        ("correct horse", None),
        ("frontdesk-demo", None),
        ("パスワードは長い方がいい", None),
        ("x" * 256, None),
    ],
)
def test_the_rule_for_a_new_password(password: str, code: str | None) -> None:
    found = weakness(password, personal=("ada@example.com", "ada.lovelace@example.org", "Adam Lovelace"))
    assert (found and found.code) == code


def test_the_common_list_is_whole() -> None:
    common = passwords._common()
    assert len(common) > 11_000
    assert min(len(word) for word in common if word) >= passwords.SHORTEST
