"""A process that only shows pages and carries leads does not hold what few of them need."""

import subprocess
import sys

# together 22 MB of each process
SELDOM_NEEDED = ("asyncssh", "holidays", "xlsxwriter", "zxcvbn")
LOOK = f"import leadgen.app, sys; print([each for each in {SELDOM_NEEDED} if each in sys.modules])"


def test_an_app_starts_without_the_libraries_that_few_requests_need() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
