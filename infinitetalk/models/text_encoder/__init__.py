"""The text encoder: umt5-xxl behind the published names, its tokenizer and text cleaning."""
