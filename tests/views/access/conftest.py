"""The same people as on the generated screens."""

from tests.generate.conftest import admin, people, sign_in  # noqa: F401
