"""Pages of how it goes."""
