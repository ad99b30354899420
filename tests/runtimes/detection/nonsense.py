"""A source that answers something else."""


def devices():
    return {"devices": ["cpu"]}
