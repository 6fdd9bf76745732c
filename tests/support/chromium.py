"""Headless Chromium for tests, through the pipe of its DevTools protocol: no driver, no library. Chromium is optional: a
test skips where there is none."""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time


def find():
    """The program, or the end of the test with ctest's code for skipped."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    print("SKIPPED: no chromium on PATH (Debian package chromium)")
    sys.exit(77)


class Browser:
    """One tab. Every call waits for its answer; what the page says on the console is kept."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="nutgraf-chromium-")
        to_read, self.to = os.pipe()
        self.source, to_write = os.pipe()

        def become():  # DevTools reads from 3 and writes to 4.
            reader, writer = os.dup(to_read), os.dup(to_write)
            os.dup2(reader, 3)
            os.dup2(writer, 4)

        self.process = subprocess.Popen(
            [find(), "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking", f"--user-data-dir={self.folder}",
             "about:blank"], preexec_fn=become, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.console, self.answers, self.number = [], {}, 0
        self.news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()
        target = next(t for t in self._call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def _read(self):
        rest = b""
        while part := os.read(self.source, 1 << 20):
            *messages, rest = (rest + part).split(b"\0")
            for message in map(json.loads, messages):
                with self.news:
                    if "id" in message:
                        self.answers[message["id"]] = message
                    elif message["method"] == "Runtime.exceptionThrown":
                        details = message["params"]["exceptionDetails"]
                        self.console.append(details.get("exception", {}).get("description", details["text"]))
                    elif message["method"] == "Log.entryAdded":
                        self.console.append(message["params"]["entry"]["text"])
                    elif message["method"] == "Runtime.consoleAPICalled":
                        self.console.append(str([a.get("value") for a in message["params"]["args"]]))
                    self.news.notify_all()

    def _call(self, method, session=None, **params):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        with self.news:
            assert self.news.wait_for(lambda: number in self.answers, 60), f"no answer to {method}"
            answer = self.answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def call(self, method, **params):
        return self._call(method, self.session, **params)

    def show(self, width, height, dark=False, phone=False, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def open(self, url):
        self.call("Page.navigate", url=url)

    def ask(self, expression):
        """The value of an expression in the page; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, expression, timeout=30):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.ask(f"!!({expression})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"after {timeout} s still not: {expression}\n{self.console}")

    def picture(self, path, whole=False):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.to)
        os.close(self.source)
        shutil.rmtree(self.folder, ignore_errors=True)  # Its children may still be writing there.
