"""What has happened, for the user to read and to report."""
