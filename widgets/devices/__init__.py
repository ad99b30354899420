"""The devices of this computer, for the user to read and to choose from."""
