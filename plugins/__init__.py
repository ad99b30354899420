"""One folder per compression technique."""
