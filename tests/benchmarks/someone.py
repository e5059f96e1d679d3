"""Made-up people, and the ZIP codes where they live."""

from dataclasses import dataclass

from leadgen.intake.answers import Person

# each lists three schools or more in the sample
ZIPS = ("60601", "10001", "90012", "77002", "19103", "78205", "75201", "98101", "97201", "02108")
TICKED = 2


@dataclass(frozen=True)
class Someone:
    """A made-up person of her own for each number, so that screening sees no duplicate."""

    number: int

    @property
    def email(self) -> str:
        return f"person{self.number}@mail.example"

    @property
    def phone(self) -> str:
        return f"{200 + self.number // 100 % 800}55501{self.number % 100:02d}"

    def describe(self) -> Person:
        return Person(f"Person {self.number}", self.email, f"+1{self.phone}", self.phone, ["evening"])
