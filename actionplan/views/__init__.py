"""Pages of what was decided, and of the people who work with it."""
