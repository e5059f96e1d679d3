"""The rooms of the directory and of delivery: schools, campuses, offerings, endpoints; lists, pages, what staff do."""

from leadgen.web.desk.rooms import campuses, endpoints, offerings, schools, words

__all__ = ["campuses", "endpoints", "offerings", "schools", "words"]
