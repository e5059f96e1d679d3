"""Finds the offerings that fit, ranks them, and says why."""
