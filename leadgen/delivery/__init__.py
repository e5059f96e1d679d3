"""Carries what a school should have to where it receives, once. The row is the queue."""
