"""Small files in the format of NCES, about institutions that do not exist."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZipFile

from leadgen.directory.ipeds.published import Published
from leadgen.directory.ipeds.reader import Files

PROGRAMS = {
    "51.0713": "medical-billing-and-coding",
    "51.0714": "medical-billing-and-coding",
    "51.0801": "medical-assistant",
}

HD = (
    "UNITID",
    "INSTNM",
    "IALIAS",
    "ADDR",
    "CITY",
    "STABBR",
    "ZIP",
    "WEBADDR",
    "SECTOR",
    "CONTROL",
    "CYACTIVE",
    "LONGITUD",
    "LATITUDE",
)
C_A = ("UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "XCTOTALT", "CTOTALT")
IC = ("UNITID", "XDISTNCED", "DISTNCED")
C_DEP = ("UNITID", "CIPCODE", "PTOTAL", "PTOTALDE")

LARKSPUR, QUILLWATER, BRAMBLE = "900001", "900002", "900003"

INSTITUTION = {
    "UNITID": LARKSPUR,
    "INSTNM": "Larkspur Federal College",
    "ADDR": "214 Lantern Court",
    "CITY": "Chicago",
    "STABBR": "IL",
    "ZIP": "60601-1234",
    "WEBADDR": "www.larkspur.example/",
    "SECTOR": "4",
    "CONTROL": "1",
    "CYACTIVE": "1",
    "LONGITUD": "-87.6181",
    "LATITUDE": "41.8858",
}


def institution(**changed: str) -> dict[str, str]:
    """A public college in Chicago; name the columns that differ."""
    return INSTITUTION | changed


def completion(unitid: str = LARKSPUR, cip: str = "51.0713", level: str = "21", total: str = "12") -> dict[str, str]:
    """Awards of one program at one level."""
    return {"UNITID": unitid, "CIPCODE": cip, "MAJORNUM": "1", "AWLEVEL": level, "XCTOTALT": "R", "CTOTALT": total}


def make_table(columns: Iterable[str], rows: Iterable[dict[str, str]], *, tail: str = "") -> str:
    """The text of a file, each line with ``tail`` at its end."""
    lines = [list(columns), *([f'"{row.get(name, "")}"' for name in columns] for row in rows)]
    return "".join(",".join(line) + tail + "\r\n" for line in lines)


def make_zip(name: str, text: str) -> bytes:
    """The same, as NCES packs it."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()


def make_files(
    institutions: Iterable[dict[str, str]],
    completions: Iterable[dict[str, str]],
    online: Iterable[str] = (),
    year: int = 2024,
) -> Files:
    """The files of one year; with ``online``, one that says who teaches online alone."""
    characteristics = make_table(IC, ({"UNITID": unitid, "DISTNCED": "1"} for unitid in online)).encode()
    return Files(
        Published(f"HD{year}.zip", make_zip(f"hd{year}.csv", make_table(HD, institutions))),
        Published(f"C{year}_A.zip", make_zip(f"c{year}_a.csv", make_table(C_A, completions))),
        Published("IC.csv", characteristics) if online else None,
    )
