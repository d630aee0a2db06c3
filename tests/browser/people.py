"""People at work, each with a browser of their own, as they see and use the pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.arena import PASSWORD
from tests.browser.looking import Eyes

Answer = str | int | date | bool | Sequence[str]


@dataclass
class Person:
    """Somebody with an account, at their own browser."""

    page: Page
    address: str
    user_name: str
    eyes: Eyes

    # Coming and going

    def sign_in(self) -> None:
        """By the form, from the start page."""
        self.open("/")
        self.enter()

    def enter(self) -> None:
        """Fill in the sign-in form that is on the screen."""
        self.page.get_by_label("Användarnamn").fill(self.user_name)
        self.page.get_by_label("Lösenord").fill(PASSWORD)
        self.press("Logga in")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.eyes.look(self.page)

    def follow(self, name: str) -> None:
        """Click a link."""
        self.page.get_by_role("link", name=name).first.click()
        self.eyes.look(self.page)

    def open_more(self, name: str) -> None:
        """Unfold what is folded away."""
        self.page.get_by_text(name, exact=True).click()

    def press(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        self.eyes.look(self.page)

    # Filling in

    def fill_in(self, answers: Mapping[str, Answer], *, within: str = "") -> None:
        """Answer questions by what stands beside them; ``within`` names a row of a list."""
        place: Page | Locator = self.page
        if within:
            place = self.page.get_by_role("group", name=_whole(within))
        for question, answer in answers.items():
            _answer(place, question, answer)

    # Steps

    def steps(self) -> list[str]:
        """Titles of the steps in the own list, as they stand there."""
        self.open("/tasks")
        main = self.page.get_by_role("main")
        found = main.locator("#first, .sp-rows a").all_inner_texts()
        return sorted(re.sub(r"\s*\(.*\)$", "", title) for title in found)

    def due(self, title: str) -> str:
        """When the step in the own list is due, as it stands there in short."""
        self.open("/tasks?view=organisation")
        row = self.page.get_by_role("main").locator(".sp-row").filter(has_text=title)
        return row.locator(".sp-tag").inner_text()

    def open_step(self, title: str) -> None:
        """From the list, unless it is on the screen already."""
        if self.heading() != title:
            self.open("/tasks")
            self.page.get_by_role("main").get_by_role("link", name=title).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        self.eyes.look(self.page)

    def do(self, title: str, answers: Mapping[str, Answer] | None = None) -> None:
        """A whole step: open it, answer, send."""
        self.open_step(title)
        self.fill_in(answers or {})
        self.send()

    def send(self) -> None:
        """Send the form of a step, or say that a step without one is done."""
        button = self.page.get_by_role("button", name=re.compile("^(Skicka|Det här är klart)$"))
        button.click()
        self.page.wait_for_load_state()
        self.eyes.look(self.page)
        problems = self.page.locator("#form-errors")
        assert problems.count() == 0, problems.inner_text()

    # Reading

    def heading(self) -> str:
        found = self.page.get_by_role("heading", level=1)
        return found.inner_text() if found.count() else ""

    def reads(self, *texts: str) -> None:
        """All of this stands on the page."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def everything(self) -> str:
        """All that stands on the page."""
        return self.page.get_by_role("main").inner_text()


def _answer(place: Page | Locator, question: str, answer: Answer) -> None:
    group = place.get_by_role("group", name=_whole(question))
    if group.count():
        wanted = [answer] if isinstance(answer, str) else list(_several(answer))
        for one in wanted:
            group.first.get_by_label(one, exact=True).check()
        return
    field = place.get_by_label(_whole(question)).locator("visible=true").first
    if isinstance(answer, bool):
        field.set_checked(answer)
    elif isinstance(answer, str) and field.evaluate("it => it.tagName") == "SELECT":
        field.select_option(label=answer)
    else:
        field.fill(answer.isoformat() if isinstance(answer, date) else str(answer))


def _several(answer: Answer) -> Sequence[str]:
    assert isinstance(answer, list | tuple), answer
    return answer


def _whole(question: str) -> re.Pattern[str]:
    """The whole question; what stands in brackets after it says that it may stay empty."""
    return re.compile(rf"^\s*{re.escape(question)}(\s*\([^)]*\))?\s*$")
