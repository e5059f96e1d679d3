"""The rooms of the directory and of delivery: schools, campuses, offerings, endpoints; lists, pages, what staff do."""
