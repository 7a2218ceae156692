"""Reports of the engine in the user's language: texts by code and fields, and the buttons that mend."""
