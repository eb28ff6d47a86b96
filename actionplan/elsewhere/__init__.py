"""A table of activities from elsewhere, with headers of its own: asked about, and made into our sheets."""
