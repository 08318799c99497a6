"""An auditor in Chromium: sign in, read a refusal, verify an exchange, download its bundle."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.client import client
from gateway.console.users import add_user
from gateway.wiring import now
from tests.support.gateways import SAMPLES, Ground, codes, ground, until
from tests.support.programs import program

PASSWORD = "a-password-for-this-test"  # noqa: S105 of an account made here
# Set to write the pictures that the docs show.
PICTURES = os.environ.get("LMX_PICTURES", "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    program("chromium")
    with ground(tmp_path_factory.mktemp("console")) as found:
        add_user(found.folder / "kz/keys/console-users.json", "auditor", PASSWORD)
        for state in ("KZ", "UZ"):
            found.start(state)
        _, kz = found.ready("kz.labour-ministry")
        uz_profile, uz = found.ready("uz.migration-agency")
        contract = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
        told = {"to": "uz.migration-agency", "purpose": "contract-registration"}
        x = client.submit(kz, contract, **told)["records"][0]["exchangeId"]
        with pytest.raises(client.AnsweredError):
            client.submit(kz, contract, to="uz.migration-agency", purpose="credit-scoring")
        taken = until(lambda: client.take(uz), "the message")
        client.confirm(uz, uz_profile.key, taken, at=now())
        until(lambda: codes(kz, x)[-1] == "E.1", "the whole ladder")
        until(lambda: kz.get(f"/v1/exchanges/{x}/bundle").status == 200, "the proofs")
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(made: Ground, browser: Browser) -> Iterator[Page]:
    text = made.settings["KZ"].read_text("utf-8")
    port = text.partition("[console]")[2].partition("port = ")[2].split()[0]
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 860})
    found = context.new_page()
    until(lambda: _opens(found, f"http://127.0.0.1:{port}/"), "the console")
    found.get_by_label("Name").fill("auditor")
    found.get_by_label("Password").fill(PASSWORD)
    found.get_by_role("button", name="Sign in").click()
    expect(found.get_by_role("heading", name="Exchanges")).to_be_visible()
    yield found
    context.close()


def _opens(page: Page, url: str) -> bool:
    try:
        page.goto(url)
    except Exception:  # noqa: BLE001 any network fault means: not there yet
        return False
    return True


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_an_auditor_finds_out_why_a_request_was_refused(page: Page) -> None:
    page.get_by_role("link", name="Refused requests").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_text("agreement.purpose")).to_be_visible()
    expect(page.get_by_text("A.2 stands in the log")).to_be_visible()
    _picture(page, "console-refused")


def test_an_auditor_verifies_an_exchange_with_both_halves(page: Page) -> None:
    _picture(page, "console-exchanges")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("region", name="origin")).to_contain_text("A.1")
    expect(page.get_by_role("region", name="destination")).to_contain_text("E.1")
    page.get_by_role("button", name="Verify now").click()
    told = page.get_by_role("region", name="Verification")
    expect(told.get_by_text("passed")).to_have_count(17)
    expect(told.get_by_text("failed")).to_have_count(0)
    _picture(page, "console-exchange")


def test_an_auditor_downloads_a_bundle(page: Page, tmp_path: Path) -> None:
    page.get_by_role("row").nth(1).get_by_role("link").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download bundle").click()
    file = tmp_path / "bundle.asice"
    waiting.value.save_as(file)
    assert file.read_bytes().startswith(b"PK")


def test_the_pages_speak_russian(page: Page) -> None:
    page.get_by_role("link", name="Русский").click()
    expect(page.get_by_role("heading", name="Обмены")).to_be_visible()
    _picture(page, "console-russian")


def test_a_wrong_password_lets_nobody_in(made: Ground, browser: Browser, page: Page) -> None:
    stranger = browser.new_context().new_page()
    stranger.goto(page.url.replace("/?", "/").split("?")[0])
    stranger.locator("#name").fill("auditor")
    stranger.locator("#password").fill("guess")
    stranger.locator("button.btn-primary").click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    stranger.context.close()


def test_a_narrow_screen_shows_each_page_whole(page: Page) -> None:
    page.get_by_role("row").nth(1).get_by_role("link").click()
    address = page.url
    page.set_viewport_size({"width": 390, "height": 860})
    for path in ("/", "/refused", "/alarms", address):
        page.goto(address.partition("/exchanges")[0] + path if path.startswith("/") else path)
        expect(page.get_by_role("link", name="Alarms")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_role("region", name="Verification")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_narrow_list_names_what_each_line_is_and_keeps_its_link_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 860})
    link = page.locator("tbody a").first.bounding_box()
    row = page.locator("tbody tr").first.bounding_box()
    assert link is not None
    assert row is not None
    assert link["x"] + link["width"] <= 390
    assert row["height"] < 400
    label = "getComputedStyle(document.querySelector('tbody td'), '::before').content"
    assert "Created" in page.evaluate(label)


def test_a_verdict_is_told_by_its_colour_too(page: Page) -> None:
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="Verify now").click()
    verdict = page.get_by_role("region", name="Verification").get_by_text("passed").first
    expect(verdict).to_have_css("color", "rgb(29, 107, 80)")


def test_no_console_message_and_no_blocked_resource(page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text))
    page.reload()
    assert told == []
