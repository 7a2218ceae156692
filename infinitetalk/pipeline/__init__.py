"""Stages of a render and the loop over chunks; encoders, denoising and decoding meet here."""
