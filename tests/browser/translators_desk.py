"""A translator or reviewer in front of the screen, with a keyboard and no pointer."""

from __future__ import annotations

from typing import Any

from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from cms.handbook.reading import TRANSLATORS
from tests.browser.malay_desk import PASSWORD
from tests.browser.officers_desk import DESKTOP, TELEPHONE, OfficersDesk

#: Roles of what one can act on.
CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "DisclosureTriangle"}
#: Leads elsewhere: the text that is similar, and the pages that strings are of.
ELSEWHERE = ".desk-offer a[lang]"
SCREEN = ".desk-screen--with-script .desk-string"
LISTEN = """
window.announced = [];
for (const region of document.querySelectorAll('.desk-screen > [role=status], [role=alert]')) {
  new MutationObserver(() => {
    if (region.textContent) window.announced.push(region.textContent);
  }).observe(region, { childList: true });
}
"""
#: Finds controls that reach beyond the edge of the screen, where nothing scrolls to them.
BEYOND = """
const edge = document.documentElement.clientWidth + 1;
const controls = arguments[0].flatMap((selector) => [
  ...document.querySelectorAll(
    ['a', 'button', 'input', 'select', 'textarea'].map((name) => `${selector} ${name}`).join(','),
  ),
]);
return controls
  .filter((control) => control.checkVisibility() && control.getBoundingClientRect().right > edge)
  .map((control) => control.outerHTML.slice(0, 200));
"""
AXE = """
const [selectors, done] = arguments;
if (!window.axe) { done(['axe is not there']); return; }
const include = selectors.map((selector) => [selector]);
window.axe.run({ include }, { resultTypes: ['violations'] }).then(
  ({ violations }) => done(violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))),
  (error) => done([String(error)]),
);
"""


class TranslatorsDesk(OfficersDesk):
    """Works by keyboard, hears what is announced, and reads the accessibility tree."""

    book = TRANSLATORS

    def log_in_by_keyboard(self, name: str) -> None:
        self.browser.delete_all_cookies()
        self.open("wagtailadmin_login")
        self.tab_to("[name=username]")
        self.press(name, Keys.TAB, PASSWORD, Keys.ENTER)
        self.find(".w-dashboard")

    def follow(self, selector: str) -> None:
        """Go to a link with the tab key, and follow it."""
        self.tab_to(selector)
        self.press(Keys.ENTER)

    def hold_down(self, modifier: str, key: str) -> None:
        ActionChains(self.browser).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def write_here(self, text: str) -> None:
        """Replace the text of the focused field."""
        self.hold_down(Keys.CONTROL, "a")
        self.press(text)

    # What is announced

    def listen(self) -> None:
        """Wait for the screen, and note all that it announces from now on."""
        self.find(SCREEN)
        self.browser.execute_script(LISTEN)

    def hears(self, *texts: str) -> None:
        """Wait until all of these texts are announced together, after what was heard last."""

        def heard(browser: Chrome) -> bool:
            announced: list[str] = browser.execute_script("return window.announced")
            for number, text in enumerate(announced, start=1):
                if all(part in text for part in texts):
                    browser.execute_script("window.announced.splice(0, arguments[0])", number)
                    return True
            return False

        try:
            self.wait(heard, 20)
        except TimeoutException:
            announced = self.browser.execute_script("return window.announced")
            raise AssertionError(f"{texts} is not among {announced}.") from None

    def stands_at(self, name: str) -> None:
        """Wait until the focus is in the field of the string whose name ends with `name`.

        A screen that was opened puts it there when its scripts have run, and one whose string was
        saved when that is connected again. Until then the focus may be at nothing.
        """

        def stands(browser: Chrome) -> bool:
            focused = browser.switch_to.active_element
            return focused.tag_name == "textarea" and self.string.endswith(name)

        try:
            self.wait(stands, 20)
        except TimeoutException:
            focused = self.browser.switch_to.active_element
            raise AssertionError(
                f"The focus is at {focused.tag_name} in {self.string!r}, not at {name!r}."
            ) from None

    @property
    def status(self) -> str:
        """What the screen has announced last."""
        region = self.find("[data-desk-screen-target=status]")
        return str(region.get_property("textContent"))

    def go_to_string(self, number: int) -> None:
        """Put the caret into the field of a string, by its number."""
        fields = self.browser.find_elements(By.CSS_SELECTOR, "textarea[id^=string-][id$=-text]")
        self.click_on(fields[number - 1])

    @property
    def text(self) -> str:
        """What is in the focused field."""
        return str(self.browser.switch_to.active_element.get_property("value"))

    @property
    def here(self) -> str:
        """The name of the focused element, in lower case; fails if the focus was lost."""
        name = str(self.browser.switch_to.active_element.tag_name).lower()
        assert name != "body", "The focus is lost."
        return name

    @property
    def string(self) -> str:
        """The name of the string at which the focus is; empty if it is at none."""
        found: str = self.browser.execute_script(
            "return document.activeElement.closest('.desk-string')"
            "?.querySelector('.desk-string__name').textContent.trim() ?? ''"
        )
        return found

    # What a screen reader and axe find

    def unnamed_controls(self) -> list[str]:
        """The controls of strings whose names do not say which string they act on."""
        nodes = self.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        links = {
            link.get_attribute("textContent")
            for link in self.browser.find_elements(By.CSS_SELECTOR, ELSEWHERE)
        }
        controls = [
            (article, node)
            for article in nodes
            if _role(article) == "article"
            for node in _below(article, by_id)
            if _role(node) in CONTROLS and not node.get("ignored")
        ]
        assert len(controls) > 5 * self.count(".desk-string")
        return [
            f"{_role(node)} “{_name(node)}” in “{_name(article)}”"
            for article, node in controls
            if _name(article) not in _name(node)
            and not (_role(node) == "link" and _name(node) in links)
        ]

    def violations(self, *selectors: str) -> list[str]:
        """What axe finds in these parts in light and dark, on a desktop and on a telephone."""
        self.browser.set_script_timeout(120)
        found = []
        for size in (DESKTOP, TELEPHONE):
            self.hold(size)
            for scheme in ("light", "dark"):
                self.see_in(scheme)
                texts = self.browser.execute_async_script(AXE, list(selectors))
                found += [f"{size[0]} {scheme} {text}" for text in texts]
                if self.is_too_wide():
                    found.append(f"{size[0]} {scheme} must be scrolled sideways")
                hidden = self.browser.execute_script(BEYOND, list(selectors))
                found += [f"{size[0]} {scheme} is beyond the edge: {text}" for text in hidden]
        self.see_in("light")
        self.hold(DESKTOP)
        return found

    def see_in(self, scheme: str) -> None:
        """Prefer a light or dark colour scheme, without its transition."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _below(node: dict[str, Any], by_id: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for key in node.get("childIds", []):
        if key in by_id:
            found += [by_id[key], *_below(by_id[key], by_id)]
    return found
