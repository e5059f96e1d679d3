"""A slip in an e-mail address: what she may have meant. Only ever a suggestion. Pure."""

# the providers that most personal addresses in the United States are at, so that a slip is likelier than another name
COMMON = (
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "comcast.net",
    "msn.com",
    "live.com",
    "att.net",
    "verizon.net",
    "sbcglobal.net",
    "ymail.com",
    "protonmail.com",
    "proton.me",
    "me.com",
    "mail.com",
    "gmx.com",
    "cox.net",
    "charter.net",
    "bellsouth.net",
)
# short names are too near each other: one letter makes mail.com of gmail.com
SHORTEST, SHORT = 6, 8


def suggest_email(address: str) -> str | None:
    """The same address at the common domain that its own is a slip of; None where it is none, or is common itself."""
    name, at, domain = address.rpartition("@")
    domain = domain.casefold().strip(".")
    if not (name and at and domain) or domain in COMMON:
        return None
    distance, meant = min((count_slips(domain, each), each) for each in COMMON)
    allowed = 0 if len(meant) <= SHORTEST else 1 if len(meant) <= SHORT else 2
    return f"{name}@{meant}" if distance <= allowed else None


def count_slips(typed: str, meant: str) -> int:
    """Letters put in, left out, changed, or swapped with the next: the optimal string alignment distance (Damerau
    1964)."""
    rows = [list(range(len(meant) + 1))]
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, wanted in enumerate(meant, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == wanted:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
