"""Everything out: all that the portal keeps for good, in open formats, for an archive or another system."""
