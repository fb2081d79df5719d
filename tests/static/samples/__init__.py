"""Made-up pages of a desk, for the gallery."""
