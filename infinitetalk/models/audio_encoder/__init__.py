"""The audio encoder: wav2vec2 at 25 frames per second, whole or in overlapping pieces."""
