"""The embedded model that turns a line drawing into a lit clay head, and how it is made."""
