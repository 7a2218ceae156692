"""The window of InfiniteTalk Desktop: a view of the engine's requests, plans and events."""
