"""The forms of exercises, one module each: a solution becomes a finished key."""
