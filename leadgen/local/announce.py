"""What the person reads when everything is up."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from leadgen.local.environment import COMMANDS_FILE, Ports
from leadgen.local.first_start import Login


def announce(site_name: str, ports: Ports, logins: list[Login], folder: Path, *, as_json: bool) -> str:
    """The addresses, and the logins made at this first start: as a banner, or as one line of JSON."""
    places = {
        "site": f"{ports.site}/",
        "desk": f"{ports.site}/desk",
        "portal": f"{ports.site}/portal",
        "sandbox": f"{ports.sandbox}/",
    }
    if as_json:
        return json.dumps({**places, "data": str(folder), "logins": [asdict(login) for login in logins]})
    return _make_banner(site_name, places, logins, folder)


def _make_banner(site_name: str, places: dict[str, str], logins: list[Login], folder: Path) -> str:
    notes = {"sandbox": "   what the sample schools received"}
    lines = [f"{site_name} is running.", ""]
    lines += [f"  {name.capitalize():<9}{place}{notes.get(name, '')}" for name, place in places.items()]
    if logins:
        lines += ["", "  Logins, shown this once:"]
        lines += [f"  {login.role.capitalize():<9}{login.email}   {login.password}" for login in logins]
    commands = f"  Commands  . {folder / COMMANDS_FILE} && {Path(sys.executable).with_name('leadgen')} doctor"
    return "\n".join([*lines, "", commands, f"  Data and logs in {folder}. Ctrl-C stops everything.", ""])
