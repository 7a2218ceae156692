"""Blocks of a network brought to the device when they are needed, and the memory they take."""

from infinitetalk.streaming.source import (
    BlockSource,
    DiskSource,
    LazySource,
    ModuleSource,
    StoreSource,
)
from infinitetalk.streaming.stream import BlockStream, StreamProbe

__all__ = [
    "BlockSource",
    "BlockStream",
    "DiskSource",
    "LazySource",
    "ModuleSource",
    "StoreSource",
    "StreamProbe",
]
