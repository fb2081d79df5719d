"""`fold` in SQL, written from Python's own tables, so that both agree on any server.

PostgreSQL below 18 cannot fold case; `lower` depends on the locale and reads final sigma and İ otherwise. The
functions are immutable, so an index on `frontdesk_fold(title)` is the stored folded text. What is written in
SQL says that it is planned once: a connection that plans for each value would do so for each row.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import category, normalize

from app.criteria.fold import SPACES

_BLOCKS = (
    0x80,
    0x100,
    0x180,
    0x250,
    0x370,
    0x400,
    0x530,
    0x13A0,
    0x1E00,
    0x1F00,
    0x2000,
    0x10000,
    sys.maxunicode + 1,
)
"""Where runs of letters with case begin: a text meets only the tables of the scripts it uses."""
_FUNCTION = """
CREATE OR REPLACE FUNCTION frontdesk_fold(x text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
BEGIN
  IF octet_length(x) > char_length(x) THEN
    x := normalize(x, NFKC);
{steps}
    x := normalize(x, NFKC);
  END IF;
  RETURN btrim(regexp_replace(lower(x COLLATE "C"), '[{spaces}]+', ' ', 'g'), ' ');
END $fold$
"""
_ITEMS = """
CREATE OR REPLACE FUNCTION frontdesk_fold_items(x jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $fold$
  SELECT CASE WHEN jsonb_typeof(x) = 'array' THEN ARRAY(
    SELECT frontdesk_fold(item #>> '{}')
    FROM jsonb_array_elements(x) AS item WHERE jsonb_typeof(item) = 'string'
  ) END
$fold$
"""


def fold_functions() -> tuple[str, str]:
    """Return the statements that make `frontdesk_fold(text)` and `frontdesk_fold_items(jsonb)`."""
    return _FUNCTION.format(steps="\n".join(_steps()), spaces=SPACES), _ITEMS


def _steps() -> Iterator[str]:
    letters = tuple(_cased())
    for low, high in pairwise(_BLOCKS):
        block = [letter for letter in letters if low <= ord(letter) < high]
        if block:
            yield f"    IF x ~ '[{block[0]}-{block[-1]}]' THEN x := {_folded(block)}; END IF;"


def _folded(block: list[str]) -> str:
    """Return the SQL that folds the letters of one block: one by one, after those that become several."""
    one = [letter for letter in block if len(letter.casefold()) == 1]
    change = "x"
    for letter in block:
        if letter not in one:
            change = f"replace({change}, '{letter}', '{letter.casefold()}')"
    return f"translate({change}, '{''.join(one)}', '{''.join(map(str.casefold, one))}')"


def _cased() -> Iterator[str]:
    """Yield the letters beyond ASCII that case folding changes and that a normalised text can hold."""
    for code in range(0x80, sys.maxunicode + 1):
        sign = chr(code)
        if sign.casefold() != sign and category(sign) != "Cs" and normalize("NFKC", sign) == sign:
            yield sign
