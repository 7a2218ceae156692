"""The parts of the set-up page: the machine, the models, the first video."""
