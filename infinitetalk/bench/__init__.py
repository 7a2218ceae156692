"""Measurements that users can repeat: seconds, peak memory, and how far from what the card can do."""
