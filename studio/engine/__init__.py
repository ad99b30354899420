"""The render process, the job processes, and the records they exchange with their clients."""
