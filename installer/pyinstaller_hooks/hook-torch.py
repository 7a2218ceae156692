"""Nothing but what is imported: the spec takes torch's tree by rules of its own (packing/contents.py)."""

warn_on_missing_hiddenimports = False
bindepend_symlink_suppression = ["**/torch/lib/*.so*", "**/nvidia/**/*.so*"]
