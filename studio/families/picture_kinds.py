"""Which files count as pictures, everywhere alike. Imports no library."""

from __future__ import annotations

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")
"""Their names, as Pillow has them."""
