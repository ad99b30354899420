"""What earlier runs left unsaved: shown, opened, discarded."""
