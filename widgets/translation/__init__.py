"""The left side of translation models: picture, drawing, size, what the file cannot tell."""
