"""`fold` in SQL, written from Python's own tables, so that both agree whatever the server's version and locale.

PostgreSQL below 18 cannot fold case; `lower` depends on the locale, and final sigma and İ come out differently
(see docs/adr). The functions are immutable, so an index on `frontdesk_fold(title)` is the stored folded text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import category, normalize

from app.criteria.fold import SPACES

_BLOCKS = (0x80, 0x250, 0x370, 0x400, 0x530, 0x13A0, 0x1E00, 0x1F00, 0x2000, 0x10000, sys.maxunicode + 1)
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
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $fold$
  SELECT CASE WHEN jsonb_typeof(x) = 'array' THEN ARRAY(
    SELECT frontdesk_fold(item #>> '{}') FROM jsonb_array_elements(x) AS item WHERE jsonb_typeof(item) = 'string'
  ) END
$fold$
"""


def fold_functions() -> tuple[str, str]:
    """Return the statements that make `frontdesk_fold(text)` and `frontdesk_fold_items(jsonb)`, for a migration."""
    return _FUNCTION.format(steps="\n".join(_steps()), spaces=SPACES), _ITEMS


def _steps() -> Iterator[str]:
    folds = {sign: sign.casefold() for sign in _cased()}
    for low, high in pairwise(_BLOCKS):
        single = {sign: to for sign, to in folds.items() if low <= ord(sign) < high and len(to) == 1}
        if single:
            yield _when(single, f"translate(x, '{''.join(single)}', '{''.join(single.values())}')")
    several = {sign: to for sign, to in folds.items() if len(to) > 1}
    nested = "x"
    for sign, to in several.items():
        nested = f"replace({nested}, '{sign}', '{to}')"
    yield _when(several, nested)


def _cased() -> Iterator[str]:
    """Yield the letters beyond ASCII that case folding changes and that a normalised text can hold."""
    for code in range(0x80, sys.maxunicode + 1):
        sign = chr(code)
        if sign.casefold() != sign and category(sign) != "Cs" and normalize("NFKC", sign) == sign:
            yield sign


def _when(signs: dict[str, str], change: str) -> str:
    first, last = min(signs), max(signs)
    return f"    IF x ~ '[{first}-{last}]' THEN x := {change}; END IF;"
