"""The right dock: the selected chunk, the project, the queue."""
