// Starts every module. Each listens on the document, so what htmx swaps in later just works.
