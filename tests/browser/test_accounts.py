"""Signing in at a real browser: with an app's code, with a passkey; and a sign-in that is ended from elsewhere."""

import re
import subprocess
from collections.abc import Callable

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.watched import Watched
from tests.journey.running import LEADGEN, Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
PASSWORD = "correct horse battery"

Opener = Callable[..., Watched]


@pytest.fixture
def reviewer(up: Up, request: pytest.FixtureRequest) -> str:
    """A reviewer of this test's own; gives the address."""
    email = f"{re.sub('[^a-z0-9]+', '-', request.node.name.lower()).strip('-')}@firststep.example"
    make_user(up, email)
    return email


def make_user(up: Up, email: str) -> None:
    """By the command line, as an operator would."""
    environment = (up.folder / "local.env").read_text()
    command = f"{environment}\nexec {' '.join(LEADGEN)} user add {email} --role reviewer --password-stdin"
    made = subprocess.run(["sh", "-c", command], input=f"{PASSWORD}\n", capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def give_password(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def read_key(page: Page) -> TOTP:
    """The key on the page, as an app reads it."""
    return TOTP(key=page.locator("code").first.inner_text())


def add_authenticator(page: Page) -> None:
    """A device that holds passkeys and takes every finger for the right one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_set_up_an_app_and_sign_in_with_its_code(up: Up, open_page: Opener, width: int, reviewer: str) -> None:
    watched = open_page(width)
    page = watched.page
    give_password(page, up.site, reviewer)
    expect(page.get_by_text("You signed in with a password alone")).to_be_visible()
    page.get_by_role("link", name="Account").click()
    watched.look("account")
    page.get_by_role("button", name="Set up an app").click()
    watched.look("account-app")
    app = read_key(page)
    page.get_by_label("Code").fill(app.generate().token)
    page.get_by_role("button", name="Use this app").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    watched.look("account-recovery-codes")
    recovery = page.locator(".recovery-codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    watched.look("account-with-app")

    page.get_by_role("button", name="Sign out", exact=True).click()
    give_password(page, up.site, reviewer)
    watched.look("login-code")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    watched.look("login-code-wrong")
    page.get_by_label("Code").fill(app.generate(app.generate().start_time + 31).token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")

    page.get_by_role("button", name="Sign out", exact=True).click()
    give_password(page, up.site, reviewer)
    page.get_by_role("link", name="Use a recovery code").click()
    watched.look("login-recovery")
    page.get_by_label("Recovery code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Recovery codes left: 9")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_make_a_passkey_and_sign_in_with_it_alone(up: Up, open_page: Opener, width: int, reviewer: str) -> None:
    named = up.site.replace("127.0.0.1", "localhost")  # browsers give passkeys to names only
    watched = open_page(width)
    page = watched.page
    add_authenticator(page)
    give_password(page, named, reviewer)
    page.get_by_role("link", name="Account").click()
    page.get_by_label("Name of the device").fill("My laptop")
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".passkey-line")).to_contain_text("My laptop")
    watched.look("account-with-passkey")

    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    watched.look("login-passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")

    page.get_by_role("button", name="Sign out", exact=True).click()
    give_password(page, named, reviewer)
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")

    page.goto(f"{named}/account/confirm?next=/account")
    watched.look("account-confirm")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Remove My laptop").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()


def test_a_sign_in_that_was_ended_elsewhere_opens_nothing(up: Up, open_page: Opener, reviewer: str) -> None:
    office, home = open_page(1280).page, open_page(390).page
    for page in (office, home):
        give_password(page, up.site, reviewer)
        expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")
    office.get_by_role("link", name="Account", exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Your account", timeout=20_000)
    other = (
        office.get_by_role("region", name="Where you are signed in").locator("tbody tr").filter(has_not_text="this one")
    )
    expect(other).to_have_count(1)
    other.get_by_role("button", name=re.compile("^End")).click()
    expect(office.get_by_text("That sign-in is ended.")).to_be_visible()
    home.get_by_role("link", name="Schools", exact=True).click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Sign in for staff and schools")
    office.get_by_role("link", name="Schools", exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Schools")


def sign_in_as(up: Up, page: Page, role: str) -> None:
    """With the password that was shown at the first start."""
    login = next(login for login in up.told["logins"] if login["role"] == role)
    page.goto(f"{up.site}/login")
    page.get_by_label("Email address").fill(login["email"])
    page.get_by_label("Password").fill(login["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def find_letter(up: Up, email: str) -> str:
    """The address in the letter that the sample relay received for somebody."""
    for arrival in reversed(up.arrivals()):
        content = str(arrival["content"])
        found = re.search(r"http://127\.0\.0\.1:\d+(/(?:invitation|password)/[0-9a-f]{32})", content)
        if found and email in content:
            return found[1]
    return ""


@pytest.mark.parametrize("width", WIDTHS)
def test_admin_invites_a_colleague_who_comes_and_is_switched_off(up: Up, open_page: Opener, width: int) -> None:
    nina = f"nina-{width}@firststep.example"
    watched = open_page(width)
    page = watched.page
    sign_in_as(up, page, "admin")
    page.get_by_role("link", name="People", exact=True).click()
    watched.look("people")
    page.locator("summary", has_text="Invite somebody").click()
    watched.look("people-invite")
    page.get_by_label("Email address").fill(nina)
    page.get_by_label("Role").select_option("reviewer")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    assert wait_until(lambda: find_letter(up, nina), 20)

    guest = open_page(width)
    guest.page.goto(up.site + find_letter(up, nina))
    guest.look("invitation")
    guest.page.get_by_label("Your name").fill(f"Nina Example {width}")
    guest.page.get_by_label("Password").fill("passwordpassword")
    guest.page.get_by_role("button", name="Make my account").click()
    expect(guest.page.locator(".error-summary")).to_be_focused()
    guest.look("invitation-weak-password")
    guest.page.get_by_label("Password").fill(PASSWORD)
    guest.page.get_by_role("button", name="Make my account").click()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Held for review")

    page.reload()
    page.get_by_role("link", name=f"Nina Example {width}").click()
    expect(page.get_by_text("Invitation accepted")).to_be_visible()
    watched.look("people-one")
    page.locator("summary", has_text="Switch off").click()
    page.get_by_label("Why?").select_option("left")
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("The user is switched off")).to_be_visible()
    watched.look("people-one-off")
    guest.page.reload()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Sign in for staff and schools")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lost_password_comes_back_by_letter(up: Up, open_page: Opener, width: int, reviewer: str) -> None:
    watched = open_page(width)
    page = watched.page
    page.goto(f"{up.site}/login")
    page.get_by_role("link", name="Lost your password?").click()
    watched.look("lost-password")
    page.get_by_label("Email address").fill(reviewer)
    page.get_by_role("button", name="Send me the link").click()
    watched.look("lost-password-sent")
    assert wait_until(lambda: find_letter(up, reviewer), 20)
    page.goto(up.site + find_letter(up, reviewer))
    watched.look("choose-password")
    page.get_by_label("New password").fill("violet kettle orbit nineteen")
    page.get_by_role("button", name="Change my password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    page.goto(up.site + find_letter(up, reviewer))
    watched.look("dead-link")


def test_a_school_owner_looks_after_colleagues(up: Up, open_page: Opener) -> None:
    watched = open_page(390)
    page = watched.page
    sign_in_as(up, page, "school")
    page.get_by_role("link", name="Colleagues").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("People of ")
    watched.look("portal-people")
    page.get_by_role("link", name="Account").click()
    page.get_by_label("Language").select_option("es")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("We write to you in this language from now on.")).to_be_visible()
    expect(page.get_by_label("Language")).to_have_value("es")
    watched.look("portal-account")
    page.get_by_role("link", name="Change your password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")
    watched.look("change-password")
