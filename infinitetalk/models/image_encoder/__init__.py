"""The image encoder: the visual tower of CLIP ViT-H/14 behind the published names."""
