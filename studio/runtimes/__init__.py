"""What executes a network: detect devices, plan, compile, run, time; one module per runtime."""
