"""Reading media off the GUI thread: thumbnails, waveforms, frames."""
