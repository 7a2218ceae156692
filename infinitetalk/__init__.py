"""The engine of InfiniteTalk Desktop: a picture or video and speech in, a talking video out."""

__version__ = "0.1.0"
