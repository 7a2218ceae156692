"""Small pure functions of tensors that the networks are made of."""
