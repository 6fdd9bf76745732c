#!/usr/bin/env python3
"""The daemon as systemd runs it, where no systemd runs: its folders, a NOTIFY_SOCKET, a watchdog, and what the unit
forbids (sandbox.py). service_test.py; NUTGRAF_BUILD names the build."""
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import unittest
import urllib.request

import harness
import newswriter
import sandbox

STOP_TIMEOUT = int(sandbox.unit_lines("TimeoutStopSec")[0].removesuffix("s"))


class Service(harness.Daemon):
    """nutgrafd as the unit starts it; what it tells systemd is in `told`: (seconds, {name: value})."""

    def __init__(self, folder, feeds, sections=None):
        super().__init__(folder, feeds, sections)
        self.told = []
        self.lock = threading.Lock()
        self.watchdog = 30.0
        self.folders = {}
        for name in ("STATE", "CACHE", "RUNTIME"):
            self.folders[name] = self.folder / name.lower()
            self.folders[name].mkdir(exist_ok=True)

    def environ(self):
        """Of the unit: nothing of ours comes along."""
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.environment,
                **{name + "_DIRECTORY": str(path) for name, path in self.folders.items()}}

    def launch(self):
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.folder / "notify.sock"
        path.unlink(missing_ok=True)
        self.notify.bind(str(path))
        threading.Thread(target=self.listen, args=(self.notify,), daemon=True).start()
        with open(self.folder / "daemon.log", "ab") as log:
            self.process = subprocess.Popen(
                [harness.program("nutgrafd"), "--config", str(self.config)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, preexec_fn=sandbox.restrict,
                env={**self.environ(), "NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(self.watchdog * 1e6))})
        return self

    def listen(self, notify):
        while True:
            with contextlib.suppress(OSError):
                lines = notify.recv(65536).decode().splitlines()
                with self.lock:
                    self.told.append((time.monotonic(), dict(line.split("=", 1) for line in lines)))
                continue
            return

    def heard(self, name, since=0):
        """(seconds, value) of every message that has `name`."""
        with self.lock:
            return [(at, message[name]) for at, message in self.told if name in message and at >= since]

    def await_(self, name, since=0, timeout=60):
        def there():
            if self.process.poll() is not None and not self.heard(name, since):
                raise AssertionError(f"nutgrafd ended with {self.process.returncode}\n{self.log()[-3000:]}")
            return self.heard(name, since)
        return harness.until(there, timeout, name)[0]

    def start(self, timeout=60):
        self.launch()
        self.await_("READY", timeout=timeout)
        return self

    def tool(self, *arguments):
        """nutgraf, run as ExecReload= is."""
        return subprocess.run([harness.program("nutgraf"), *map(str, arguments)], capture_output=True, text=True,
                              timeout=60, check=False, preexec_fn=sandbox.restrict, env=self.environ())

    def __exit__(self, *_):
        super().__exit__()
        self.notify.close()


@unittest.skipUnless(sandbox.seccomp(), "no libseccomp.so.2")
class AsAService(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.scratch())
        self.web = self.enterContext(harness.Web())
        self.web.put("/rss", newswriter.linkless((1, 2, 3)), "application/rss+xml")

    def service(self, feeds=None, sections=None):
        feeds = feeds or [{"id": "f", "url": self.web.url("/rss"), "allow_private": True, "full_text": "feed"}]
        service = Service(self.folder, feeds, sections)
        service.sections["status"]["listen"] = f"127.0.0.1:{service.status}"
        service.write(feeds)
        return self.enterContext(service)

    def reaches(self, port):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return True
        return False

    def test_ready_means_that_everything_answers(self):
        service = self.service()
        service.launch()
        service.await_("READY")
        self.assertTrue(self.reaches(service.live))
        self.assertTrue(self.reaches(service.sync))
        with urllib.request.urlopen(f"http://127.0.0.1:{service.status}/healthz", timeout=5) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(harness.control(service, {"cmd": "status"})["pid"], service.process.pid)
        self.assertTrue((service.folder / "nutgraf.db").exists())
        self.assertEqual(len(service.heard("READY")), 1)

    def test_never_ready_without_a_port_or_the_store(self):
        service = self.service()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", service.live))
            taken.listen()
            self.assertEqual(service.launch().process.wait(60), 75)
        self.assertIn(str(service.live), service.log())
        first = self.service()
        first.start()
        second = Service(self.folder, [])
        second.config = service.folder / "second.toml"
        second.write([])
        self.enterContext(second)
        self.assertEqual(second.launch().process.wait(60), 75)
        self.assertIn(f"in use by process {first.process.pid}", second.log())
        self.assertEqual(service.heard("READY") + second.heard("READY"), [])

    def test_status_says_how_it_fares(self):
        service = self.service().start()
        self.assertRegex(service.heard("STATUS")[0][1], r"^1 feeds, \d+ stories")
        harness.until(lambda: "3 stories" in service.heard("STATUS")[-1][1], 60, "3 stories in STATUS")

    def test_all_it_does_is_allowed(self):
        service = self.service(sections={"fetch": {"robots": True}}).start()
        with harness.Live(service) as live:
            live.wait_hello()
            self.web.put("/rss", newswriter.linkless((1, 2, 3, 4)), "application/rss+xml")
            self.assertIsNotNone(live.receive(60))
        for arguments in (["status"], ["feeds"], ["feeds", "pause", "f"], ["feeds", "resume", "f"], ["log-level", "debug"],
                          ["reload", "--wait"], ["why", "g1"]):
            done = service.tool(*arguments, "--control", service.folder / "control.sock")
            self.assertEqual(done.returncode, 0, (arguments, done.stderr))
        done = service.tool("backup", service.folder / "copy.db", "--store", service.folder / "nutgraf.db")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(service.tool("verify", service.folder / "copy.db").returncode, 0)
        service.stop(STOP_TIMEOUT)
        self.assertNotIn("not permitted", service.log())

    def test_the_wire_is_encrypted_there_too(self):
        keys = self.enterContext(harness.scratch())
        os.mkdir(f"{keys}/clients")
        public = subprocess.run([harness.program("nutgraf"), "keygen", f"{keys}/me.key"], capture_output=True, text=True,
                                check=True).stdout.split()[-1]
        subprocess.run([harness.program("nutgraf"), "keygen", f"{keys}/curve.key"], capture_output=True, check=True)
        with open(f"{keys}/clients/me.toml", "w") as file:
            file.write(f'key = "{public}"\ntopics = [""]\n')
        service = self.service(sections={"wire": {"curve_key": "curve.key", "clients": f"{keys}/clients"}})
        service.environment["CREDENTIALS_DIRECTORY"] = keys  # LoadCredential=curve.key:…
        service.start()
        server = subprocess.run([harness.program("nutgraf"), "keygen", "--public", f"{keys}/curve.key"],
                                capture_output=True, text=True, check=True).stdout.split()[-1]
        tail = service.tool("tail", f"tcp://127.0.0.1:{service.live}", "--all", "--no-follow", "--json", "--server-key",
                            server, "--key", f"{keys}/me.key")
        self.assertEqual(tail.returncode, 0, tail.stderr)

    def test_a_reload_is_told_whether_it_is_taken_or_refused(self):
        service = self.service().start()
        good = service.config.read_text()
        for text, logged in ((good.replace("[poll]", "[poll]\nintervall = 1\nmax_age = 7"), "refused"),
                             (good + '\n[[feed]]\nurl = "http://127.0.0.1:9/x"\n', "added=1")):
            service.config.write_text(text)
            since = time.monotonic()
            service.process.send_signal(signal.SIGHUP)
            reloading = service.await_("RELOADING", since)
            ready = service.await_("READY", reloading[0])
            self.assertGreaterEqual(ready[0], reloading[0])
            harness.until(lambda text=logged: text in service.log(), 60, logged)
        self.assertIn("intervall", service.log())
        self.assertIn("max_age", service.log())
        self.assertRegex(service.heard("STATUS")[-1][1], "^2 feeds")

    def test_signs_of_life_come_in_time(self):
        service = self.service()
        service.watchdog = 3.0
        service.start()
        began, watch = time.monotonic(), harness.Stopwatch()
        time.sleep(10)
        pings = [at for at, _ in service.heard("WATCHDOG", began)]
        gaps = [b - a for a, b in zip([began, *pings], [*pings, time.monotonic()])]
        self.assertLess(max(gaps) * watch.share(), service.watchdog, gaps)

    def test_it_drains_in_time_whatever_hangs(self):
        with socket.socket() as silent:  # Takes requests and never answers.
            silent.bind(("127.0.0.1", 0))
            silent.listen(64)
            hangs = f"http://127.0.0.1:{silent.getsockname()[1]}/rss"
            service = self.service([{"id": f"f{n}", "url": f"{hangs}{n}", "allow_private": True} for n in range(8)] +
                                   [{"id": "f", "url": self.web.url("/rss"), "allow_private": True, "full_text": "feed"}])
            service.start()
            harness.until(lambda: "3 stories" in service.heard("STATUS")[-1][1], 60, "3 stories")
            began = time.monotonic()
            self.assertEqual(service.stop(STOP_TIMEOUT), 0)
            print(f"drained in {time.monotonic() - began:.1f} s of {STOP_TIMEOUT}")
        self.assertEqual(len(service.heard("STOPPING")), 1)
        self.assertIn("stopped messages=", service.log())

    def test_a_second_signal_ends_it_at_once(self):
        service = self.service().start()
        harness.until(lambda: "3 stories" in service.heard("STATUS")[-1][1], 60, "3 stories")
        with contextlib.closing(sqlite3.connect(service.folder / "nutgraf.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # No commit succeeds, and the drain waits for one.
            self.web.put("/rss", newswriter.linkless((1, 2, 3, 4)), "application/rss+xml")
            harness.until(lambda: "new=1" in service.log(), 60, "a new item")
            service.process.send_signal(signal.SIGTERM)
            service.await_("STOPPING")
            with self.assertRaises(subprocess.TimeoutExpired):
                service.process.wait(2)
            # What it would be told to do from now on, nobody would do.
            reload = service.tool("reload", "--wait", "--control", service.folder / "control.sock")
            self.assertEqual(reload.returncode, 1, reload)
            self.assertIn("nutgrafd is stopping", reload.stderr)
            service.process.send_signal(signal.SIGTERM)
            self.assertEqual(service.process.wait(60), 1)
        self.assertNotIn("stopped messages=", service.log())


@unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
class Unit(unittest.TestCase):
    def theirs(self, name):
        """A set of calls, with the sets in it resolved."""
        calls, todo = set(), [name]
        while todo:
            text = subprocess.run(["systemd-analyze", "syscall-filter", todo.pop()], capture_output=True, text=True,
                                  check=True).stdout
            for word in (line.strip() for line in text.splitlines()[1:]):
                if word.startswith("@"):
                    todo.append(word)
                elif word and not word.startswith("#"):
                    calls.add(word)
        return calls

    def test_the_sets_of_calls_are_those_of_systemd(self):
        ours = sandbox.syscall_sets()
        theirs = {name: self.theirs(name) for name in ours}
        version = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True, check=True).stdout
        if version.startswith("systemd 252 "):  # Whose sets they are.
            for name, calls in ours.items():
                self.assertEqual(calls, theirs[name], name)
        # Another version knows other calls; whatever it forbids, the tests forbid too.
        self.assertEqual(sandbox.allowed_calls() - sandbox.allowed_calls(sets=theirs), set())

    def test_exposure_is_low(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=12", "--no-pager",
                               str(sandbox.UNIT)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-300:] + done.stderr)
        print(done.stdout.strip().splitlines()[-1])

    def test_it_is_well_formed(self):
        with harness.scratch() as folder:
            text = sandbox.UNIT.read_text()
            for name in ("nutgrafd", "nutgraf"):
                text = text.replace(f"/usr/bin/{name} ", os.path.abspath(harness.program(name)) + " ")
            # Its manual pages are not installed here.
            text = "\n".join(line for line in text.splitlines() if not line.startswith("Documentation="))
            unit = os.path.join(folder, "nutgraf.service")
            with open(unit, "w") as file:
                file.write(text)
            done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
