"""Invented people: names of nobody, addresses under ``.example``, telephone numbers set aside for fiction."""

from random import Random

from leadgen.intake.answers import Person

FIRST_NAMES = (
    "Ada", "Amara", "Anh", "Beatriz", "Bo", "Camille", "Carlos", "Dalia", "Deshawn", "Elena", "Emeka", "Fatima",
    "Grace", "Hana", "Ines", "Isaac", "Jamal", "Joy", "Kaia", "Keiko", "Lena", "Luis", "Maya", "Mei", "Nadia",
    "Noor", "Olga", "Omar", "Paloma", "Priya", "Quinn", "Rosa", "Ruth", "Samira", "Sofia", "Tara", "Tomas", "Uma",
    "Vera", "Wren", "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abbot", "Baker", "Castillo", "Dang", "Ellis", "Flores", "Garner", "Haddad", "Ibarra", "Jensen", "Kamara",
    "Lindqvist", "Moreau", "Nakamura", "Okafor", "Pereira", "Quist", "Rahman", "Silva", "Tran", "Ueda", "Vance",
    "Walker", "Xiong", "Young", "Zeller",
)  # fmt: skip
AREA_CODES = ("207", "303", "312", "404", "503", "602", "702", "801", "907")
FICTIONAL_NUMBERS = 100  # 555-0100 to 555-0199
TIMES = ("morning", "afternoon", "evening")


class People:
    """Hands out one person after the other, the same ones in the same order for the same dice."""

    def __init__(self, dice: Random) -> None:
        self._dice, self._count = dice, 0

    def meet(self) -> Person:
        """Somebody who was not there before."""
        number, self._count = self._count, self._count + 1
        first, last = self._dice.choice(FIRST_NAMES), self._dice.choice(LAST_NAMES)
        area = AREA_CODES[number // FICTIONAL_NUMBERS % len(AREA_CODES)]
        line = f"01{number % FICTIONAL_NUMBERS:02}"
        return Person(
            name=f"{first} {last}",
            email=f"{first}.{last}{number}@mail.example".lower(),
            phone=f"+1{area}555{line}",
            phone_typed=f"{area}-555-{line}",
            contact_times=self._dice.sample(TIMES, self._dice.randint(1, 2)),
        )
