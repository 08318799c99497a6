"""The files that people are given to read fit a narrow screen."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from gateway.wiring import ROOT
from tests.support.gateways import SAMPLES
from tests.support.programs import program

NARROW = 390


def test_a_report_and_the_standard_fit_a_narrow_screen(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    lmx = Path(sys.executable).parent / "lmx"
    asked = ["preflight", SAMPLES / "uz/samples", "--to", "KZ", "--report", report]
    subprocess.run([lmx, *asked], capture_output=True, check=False)
    with sync_playwright() as play:
        path, flags = program("chromium"), ["--no-sandbox"]
        browser = play.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": NARROW, "height": 860})
        for file in (report, ROOT / "docs/reference/standard.html"):
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == NARROW
        browser.close()
