"""The parts of the window. They read `state` and call methods on it."""
