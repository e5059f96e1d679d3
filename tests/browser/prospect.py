"""A prospect at a real browser: from the home page to a request that was sent."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.watched import Watched

PROGRAM = "Medical billing and coding"


@dataclass
class BrowserProspect:
    """One person with a mouse. ``look_at_pages`` must be off where scripts are: then nothing can be measured."""

    watched: Watched
    site: str
    email: str
    phone: str
    name: str = "Ada Example"
    look_at_pages: bool = True

    @property
    def page(self) -> Page:
        return self.watched.page

    def read_guide(self) -> None:
        """From the home page to the guide, and on with a ZIP code."""
        self.page.goto(self.site + "/")
        self._look("home")
        self.page.get_by_role("link", name=PROGRAM, exact=True).first.click()
        self._look("guide")
        self._shoot("prospect-guide")
        box = self.page.locator("#find")
        box.get_by_label("ZIP code").fill("2139")
        box.get_by_role("button", name="Show schools").click()
        self._expect_error("start-error", "five digits")
        self.page.get_by_label("ZIP code").fill("60601")
        self.page.get_by_role("button", name="Show schools").click()

    def answer_questions(self) -> None:
        """The three pages of questions, each also as a page with something to mend where that can be."""
        self._expect("What would you like to learn?")
        assert self._ticked() == 0
        self._look("goals")
        self.go_on()
        self._expect("Where would you like to learn?")
        self._look("place")
        self.page.get_by_label("ZIP code where you live").fill("00000")
        self.go_on()
        self._expect_error("place-error", "ZIP")
        self.page.get_by_label("ZIP code where you live").fill("60601")
        self.go_on()
        self._expect("Two things that schools ask first")
        assert self.page.locator("input:checked").count() == 0
        self._look("eligibility")
        self.go_on("Show my schools")
        self._expect_error("eligibility-error", "18 or over")
        self.page.get_by_label("Yes", exact=True).check()
        self.page.get_by_label("High-school diploma").check()
        self.go_on("Show my schools")

    def tick(self, *schools: str) -> None:
        """Look through the list, where nothing is ticked, and tick these schools by name."""
        self._expect("schools near you")
        assert self._ticked() == 0
        self._look("schools")
        self.go_on()
        self._expect_error("schools-error", "Tick at least one school")
        assert self._ticked() == 0
        for school in schools:
            self.page.get_by_label(f"Send my details to this school: {school}").check()
        self._shoot("prospect-schools", self.page.locator(".results"))
        self.go_on()

    def give_details(self, *schools: str) -> None:
        """Who she is, and a way to reach her for each school: none was ticked for her."""
        self._expect(f"Your details for {len(schools)} school")
        assert self._ticked() == 0
        self._look("details")
        self.go_on("Continue to check your answers")
        self._expect_error("details-error", "Enter your full name")
        assert self._ticked() == 0
        self.page.get_by_label("Full name").fill(self.name)
        self.page.get_by_label("Email address").fill(self.email)
        self.page.get_by_label("Phone number").fill(self.phone)
        self.page.get_by_label("Evenings").check()
        for school in schools:
            self.find_ways(school).get_by_label("by email").check()
        self.find_ways(schools[0]).get_by_label("by phone call").check()
        self.go_on("Continue to check your answers")

    def send(self, *schools: str) -> None:
        """Read everything once more and send; then open her own page from the confirmation."""
        self._expect("Check your answers")
        for school in schools:
            expect(self.page.get_by_role("heading", name=school)).to_be_visible()
        self._look("check")
        self._shoot("prospect-check")
        self.go_on(f"Send my details to {len(schools)} school{'s' if len(schools) > 1 else ''}")
        self._expect("Thank you. We have your request")
        self._look("sent")
        self.page.get_by_role("link", name="See your request").click()

    def withdraw(self, school: str) -> None:
        """Take back her consent for one school, on her own page."""
        self._expect("Your request")
        self._look("request")
        self._shoot("request")
        section = self.find_standing(school)
        section.get_by_text("Withdraw from this school").click()
        self._look("request-withdraw")
        section.get_by_role("button", name=f"Withdraw from {school}").click()
        expect(self.find_standing(school).get_by_text("Withdrawn", exact=True)).to_be_visible()
        self._look("request-withdrawn")

    def go_on(self, button: str = "Continue") -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def find_ways(self, school: str) -> Locator:
        return self.page.get_by_role("group", name=f"{school} may contact me")

    def find_standing(self, school: str) -> Locator:
        return self.page.get_by_role("region", name=school)

    def _expect(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def _expect_error(self, name: str, words: str) -> None:
        summary = self.page.locator(".error-summary")
        expect(summary).to_contain_text(words)
        expect(summary).to_be_focused()
        self._look(name)

    def _ticked(self) -> int:
        return self.page.locator("input[type=checkbox]:checked").count()

    def _look(self, name: str) -> None:
        if self.look_at_pages:
            self.watched.look(name)

    def _shoot(self, name: str, first: Locator | None = None) -> None:
        if self.look_at_pages:
            self.watched.shoot(name, first)
