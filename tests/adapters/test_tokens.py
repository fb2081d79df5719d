"""Tokens of links and sessions."""

from __future__ import annotations

import re

from app.adapters import tokens


def test_a_token_is_long_random_and_safe_in_an_address() -> None:
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)


def test_the_digest_is_sha256_in_hex() -> None:
    # FIPS 180-2, appendix B.1
    assert tokens.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_token_matches_its_own_digest_only() -> None:
    token = tokens.new_token()
    assert tokens.matches(token, tokens.digest(token))
    assert not tokens.matches(token, tokens.digest(tokens.new_token()))
    assert not tokens.matches("é\ud800", tokens.digest(token))


def test_a_text_can_be_kept_without_the_tokens_in_it() -> None:
    links = [f"https://desk.example.com/password/{tokens.new_token()}" for _ in range(1000)]
    assert {tokens.without_tokens(link) for link in links} == {"https://desk.example.com/password/…"}
    words = "Order 4711, https://example.com/a-b_c, " + "x" * 42 + ", " + "x" * 44
    assert tokens.without_tokens(words) == words
