"""Audio embeddings to the tokens that the transformer's blocks attend to."""

from infinitetalk.models.audio_adapter.adapter import AudioAdapter

__all__ = ["AudioAdapter"]
