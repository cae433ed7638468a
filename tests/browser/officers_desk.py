"""An officer who writes a page: by pointer, by keyboard, on a telephone."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from cms.handbook.reading import OFFICERS
from tests.browser.handbook_pictures import HandbookPictures
from tests.browser.malay_desk import PASSWORD, MalayDesk

BODY = "[data-contentpath=body]"
OPTION = ".w-combobox__option"
SUCCESS = ".messages .success"
TO_THE_MIDDLE = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
PASTE = """
const [target, html] = arguments;
const clipboardData = new DataTransfer();
clipboardData.setData("text/html", html);
target.dispatchEvent(
  new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
);
"""
TELEPHONE = (390, 844)
DESKTOP = (1280, 900)


class OfficersDesk(MalayDesk):
    """Writes a page as people do, and takes the handbook's pictures."""

    #: Of which the pictures are taken.
    book = OFFICERS

    def __init__(self, browser: Chrome, server: str) -> None:
        super().__init__(browser, server)
        self.handbook = HandbookPictures(browser, self.book)

    def hold(self, size: tuple[int, int]) -> None:
        """Emulate a screen of this size; a window cannot be as narrow as a telephone."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def picture(self, name: str, selector: str = "") -> None:
        """Read the screen and picture it for the handbook, with the element in its middle."""
        self.look(name)
        if selector:
            self.browser.execute_script(TO_THE_MIDDLE, self.find(selector))
        self.handbook.take(name)

    def is_too_wide(self) -> bool:
        """Whether the page must be scrolled sideways (WCAG 1.4.10)."""
        too_wide: bool = self.browser.execute_script(
            "const page = document.documentElement; return page.scrollWidth > page.clientWidth"
        )
        return too_wide

    def click_on(self, element: WebElement) -> None:
        """Scroll to an element and click on it, once nothing covers it."""

        def clicked(browser: Chrome) -> bool:
            browser.execute_script(TO_THE_MIDDLE, element)
            element.click()
            return True

        self.wait(clicked)

    def add_block(self, label: str) -> str:
        """Choose a block from the menu at the end of the body; return the prefix of its fields."""
        number = self.count_body()
        self.click_on(self.add_buttons()[-1])
        self.wait(lambda _browser: self.choose_option(label))
        self.wait(lambda _browser: self.count_body() > number)
        return f"body-{number}-value"

    def count_body(self) -> int:
        return int(self.find("[name=body-count]").get_attribute("value") or 0)

    def add_buttons(self) -> list[WebElement]:
        self.find(f"{BODY} .c-sf-add-button")
        return self.browser.find_elements(By.CSS_SELECTOR, f"{BODY} .c-sf-add-button")

    def choose_option(self, label: str) -> bool:
        """Choose a type of block in the open menu; false if it is not there yet."""
        for option in self.browser.find_elements(By.CSS_SELECTOR, OPTION):
            if option.text.strip() == label:
                option.click()
                return True
        return False

    def write(self, name: str, text: str) -> None:
        """Type into the field of this name."""
        field = self.find(f"[name='{name}']")
        self.click_on(field)
        field.send_keys(text)

    def write_text(self, name: str, text: str) -> None:
        """Type into the editor of formatted text of this name."""
        self.click_on(self.find(f"[name='{name}'] + div [role=textbox]"))
        self.press(text)
        self.wait(
            lambda _browser: text in (self.find(f"[name='{name}']").get_attribute("value") or "")
        )

    def tab_to(self, selector: str) -> None:
        """Press the tab key until an element of the selector has the focus."""
        for _ in range(100):
            if self.is_focused(selector):
                return
            self.press(Keys.TAB)
        raise AssertionError(f"The tab key does not reach {selector}.")

    def is_focused(self, selector: str) -> bool:
        focused = self.browser.switch_to.active_element
        matches: bool = self.browser.execute_script(
            "return arguments[0].matches(arguments[1])", focused, selector
        )
        return matches

    def paste_table(self, html: str) -> None:
        """Paste what Word has copied into the first cell of a table."""
        cell = self.find(".table-editor__grid textarea")
        self.click_on(cell)
        self.browser.execute_script(PASTE, cell, html)

    def upload(self, name: str, file: Path, title: str, **more: str) -> None:
        """Upload a file in the dialog of a chooser, and wait until the form has it."""
        self.press_button(f"[id='{name}-chooser'] [data-chooser-action-choose]")
        self.press_button(".modal [role=tab][href='#tab-upload']")
        form = ".modal [data-chooser-modal-creation-form]"
        self.find(f"{form} input[type=file]").send_keys(str(file))
        for field, text in ({"title": title} | more).items():
            self.type_over(f"{form} [name$='-{field}']", text)

    def finish_upload(self, name: str) -> None:
        self.press_button(".modal [data-chooser-modal-creation-form] [type=submit]")
        self.find(f"[id='{name}-chooser']:not(.blank)")
        self.wait(lambda _browser: self.count(".modal-body") == 0)

    def log_in_beside(self, name: str) -> None:
        """Log in in the dialog of a session that ended, by keyboard alone."""
        self.browser.switch_to.frame(self.find(".session-dialog iframe"))
        self.find("input[name=username]").send_keys(name, Keys.TAB, PASSWORD, Keys.ENTER)
        self.browser.switch_to.default_content()
        self.wait(lambda _browser: self.count(".session-dialog") == 0)

    def submit(self) -> None:
        """Submit for review, from the closed menu below the form."""
        self.press_button("[name=action-submit]")
        self.find(SUCCESS)
