"""Nothing but what is imported: the spec takes the tree, less the networks that are not ours."""

warn_on_missing_hiddenimports = False
