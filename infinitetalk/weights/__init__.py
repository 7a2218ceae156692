"""Model files: what they are, what is wrong with them, and their tensors, mapped and renamed."""
