"""Memory that the allocator would keep, given back to the system. glibc has both; elsewhere nothing is done."""

import ctypes

# glibc's numbers (malloc.h): the size from which memory is asked of the system and given back to it, and how many heaps
# there are for threads, each of which keeps what its threads once needed
_M_MMAP_THRESHOLD, LARGE_BYTES = -3, 250_000
_M_ARENA_MAX, HEAPS = -8, 2


def give_memory_back() -> None:
    """What reading took and left free: at a million campuses, a third of all that the process holds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def part_with_large_pieces() -> None:
    """Let the arrays of a search go back to the system when it is over, where glibc would keep ever larger ones for the
    next, for each thread anew."""
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(_M_MMAP_THRESHOLD, LARGE_BYTES)
        tune(_M_ARENA_MAX, HEAPS)
