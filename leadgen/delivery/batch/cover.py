"""The letter that a daily file is attached to, where it goes by mail: its subject and its one sentence."""

COVERS = {
    "en": (
        "Leads: {name}, rows: {rows}",
        "The file of today is attached. Each row is one lead or one withdrawal; the column for the event says which.\n",
    ),
    "es": (
        "Leads: {name}, filas: {rows}",
        "El archivo de hoy va adjunto. Cada fila es un lead o un retiro; la columna del evento dice cuál.\n",
    ),
}


def write_cover(language: str, name: str, rows: int) -> tuple[str, str]:
    """The subject and the text."""
    subject, text = COVERS[language]
    return subject.format(name=name, rows=rows), text
