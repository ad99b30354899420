"""A source that ends its process in good order instead of answering."""

import os


def devices():
    os._exit(3)
