"""How it goes, as plain values: a page, its PDF and its data are all made from the same."""
