"""The gallery: finished and saved pictures, to look at again and to bring back."""
