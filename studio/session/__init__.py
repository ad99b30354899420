"""The user's document: what is open, kept, pinned and shown; its history, file and autosave."""
