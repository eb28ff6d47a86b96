"""Search over what a reader may see, and nothing else: what is searched, how, and what is found."""
