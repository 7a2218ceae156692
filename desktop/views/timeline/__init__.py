"""The timeline: chunks, speech and drift over time, painted by hand, only what is visible."""

from desktop.views.timeline.view import TimelineView

__all__ = ["TimelineView"]
