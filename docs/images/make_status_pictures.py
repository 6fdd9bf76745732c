#!/usr/bin/env python3
"""Makes status-desk.png and status-phone.png of a running daemon: the demo's newspapers, beside them feeds that are silent,
blocked and failing, and an event whose sources disagree. Takes four minutes and a Chromium; NUTGRAF_BUILD names the build."""
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parents[1] / "tests"
sys.path[:0] = [str(TESTS / "integration"), str(TESTS / "support")]
import chromium  # noqa: E402
import harness  # noqa: E402
from status_stage import stage  # noqa: E402

NEWS_BEFORE_THE_FERRY = 190  # Seconds: enough for the curves to have a shape.


def main():
    chromium.find()
    with harness.scratch() as folder, stage(folder) as (daemon, ward), harness.Live(daemon), chromium.Browser() as browser:
        time.sleep(20)
        ward.fall_silent()
        time.sleep(NEWS_BEFORE_THE_FERRY)
        browser.show(1320, 1060)
        browser.open(f"http://127.0.0.1:{daemon.status}/")
        browser.wait("document.querySelector('#ill .s-silent') && document.querySelector('#ill .s-blocked')", 60)
        ward.tell_of_the_ferry()
        browser.wait("document.querySelector('#events .event .clash')", 60)
        time.sleep(6)  # The next look at the figures.
        browser.picture(HERE / "status-desk.png")
        browser.show(360, 1300, phone=True, scale=1.5, dark=True)
        time.sleep(1)
        browser.picture(HERE / "status-phone.png")
        assert not browser.console, browser.console


if __name__ == "__main__":
    main()
