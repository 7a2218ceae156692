"""Published model files from the hub: what belongs to a set, and getting it whole and checked."""
