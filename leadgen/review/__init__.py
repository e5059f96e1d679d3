"""Decides which choices become leads: rules first, people where rules are not enough."""
