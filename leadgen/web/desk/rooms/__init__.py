"""The rooms of the directory and of delivery: schools, campuses, offerings, endpoints; lists, pages, what staff do."""

from leadgen.web.desk.rooms import add, campuses, edit, endpoints, offerings, schools, words

__all__ = ["add", "campuses", "edit", "endpoints", "offerings", "schools", "words"]
