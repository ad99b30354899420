"""A source that raises."""


def devices():
    raise ImportError("libtorch_cuda.so: cannot open shared object file\nand more lines")
