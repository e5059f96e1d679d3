"""What a school says of its leads: accepted, contacted, enrolled, returned."""
