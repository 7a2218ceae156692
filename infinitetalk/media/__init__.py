"""Pictures, video and sound in and out: ffmpeg and numpy, no torch."""
