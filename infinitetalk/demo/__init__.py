"""The bundled miniature model: the recipe that trained it, and the figures that judge it."""
