"""Linear layers with 8-bit weights, applied to any network from outside."""
