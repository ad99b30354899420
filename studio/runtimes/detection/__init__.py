"""Finding the devices of this host: one module a source, each apart into what it reads (``probe``,
plain data) and what that means (``interpret``, a pure function). Importing imports no runtime."""
