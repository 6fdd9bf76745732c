#!/usr/bin/env python3
"""What the machine does to a daemon in a year: its disk is full or cannot be written, the clock jumps, descriptors run
out, no name can be resolved, the store is damaged. Each with what the operator sees (docs/operations.md), that what was
published goes on being served, and that it goes on by itself. faults_test.py; NUTGRAF_BUILD names the build."""
import errno
import os
import resource
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

import harness
import newswriter
from faults import Faults
from store_edit import edit_store

HOSTS = 6


class FaultyMachine(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.scratch())
        self.web = self.enterContext(harness.Web())
        self.state = os.path.join(self.folder, "state")
        os.mkdir(self.state)
        self.faults = Faults(os.path.join(self.folder, "faults"), self.state)
        self.last = 0
        self.news(3)

    def news(self, count):
        """So many more items in the first feed."""
        self.last += count
        self.web.put("/rss", newswriter.linkless(range(1, self.last + 1)), "application/rss+xml")

    def daemon(self, hosts=1, **sections):
        feeds = [{"id": f"f{n}", "url": f"http://h{n}.test:{self.web.port}/rss" + (f"?{n}" if n else ""),
                  "allow_private": True, "full_text": "feed"} for n in range(hosts)]
        for n in range(1, hosts):
            self.web.put(f"/rss?{n}", newswriter.linkless(()), "application/rss+xml")
        daemon = harness.Daemon(self.folder, feeds, {"store": {"path": f"{self.state}/nutgraf.db"}, **sections})
        daemon.sections["status"]["listen"] = f"127.0.0.1:{daemon.status}"
        daemon.write(feeds)
        daemon.environment.update(self.faults.environment)
        return self.enterContext(daemon)

    def start(self, *arguments, **sections):
        daemon = self.daemon(*arguments, **sections).start()
        self.published(daemon)
        return daemon

    def stories(self, daemon):
        bodies, _ = harness.whole_log(daemon)
        return harness.check_log(bodies)

    def published(self, daemon, timeout=60):
        harness.until(lambda: len(self.stories(daemon)) == self.last, timeout, f"{self.last} stories published")

    def healthz(self, daemon):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{daemon.status}/healthz", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def feeds(self, daemon):
        return {feed["id"]: feed for feed in harness.control(daemon, {"cmd": "feeds"})["feeds"]}

    def logged(self, daemon, text, timeout=60):
        harness.until(lambda: text in daemon.log(), timeout, f"logged: {text}")

    def cannot_write(self, daemon, said, **fault):
        self.refused(daemon, said, lambda: self.faults.set(**fault), self.faults.clear)

    def refused(self, daemon, said, fail, mend):
        """The store cannot be written: it is said, the log is served, and nothing is lost when it can be again."""
        before = self.last
        fail()
        self.news(2)
        self.logged(daemon, said)
        harness.until(lambda: self.healthz(daemon)[0] == 503, 60, "/healthz is not well")
        self.assertIn("store", self.healthz(daemon)[1])
        self.assertEqual(len(self.stories(daemon)), before)  # Served, and nothing new.
        self.assertEqual(harness.control(daemon, {"cmd": "status"})["pid"], daemon.process.pid)
        mend()
        self.published(daemon)
        harness.until(lambda: self.healthz(daemon)[0] == 200, 60, "/healthz is well again")
        self.assertIn("the store can be written again", daemon.log())
        self.assertEqual(daemon.stop(60), 0)


class Disk(FaultyMachine):
    def test_full(self):
        self.cannot_write(self.start(), "disk is full; free some space, the commit is repeated", write=errno.ENOSPC)

    def test_read_only(self):
        self.cannot_write(self.start(), "disk I/O error", write=errno.EROFS, open=errno.EROFS)

    def test_failing(self):
        self.cannot_write(self.start(), "disk I/O error", write=errno.EIO, sync=errno.EIO)

    def test_sync_failing(self):
        self.cannot_write(self.start(), "disk I/O error", sync=errno.EIO)

    def test_a_limit_to_the_size_of_files(self):
        """Beyond LimitFSIZE= the kernel sends SIGXFSZ, which ends a process that has not asked it not to."""
        daemon = self.start()
        limits = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)

        def limit(size):
            resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, limits[1]))
        self.refused(daemon, "disk I/O error", lambda: limit(64 << 10), lambda: limit(limits[0]))

    def test_the_write_ahead_log_is_deleted(self):
        daemon = self.start()
        before = self.last
        os.unlink(f"{self.state}/nutgraf.db-wal")
        self.news(2)
        self.logged(daemon, "nutgraf.db-wal was moved or deleted")
        self.assertEqual(len(self.stories(daemon)), before)
        daemon.stop(60)
        daemon.start()
        self.published(daemon)
        self.assertNotIn("epoch=new", daemon.log())

    def test_low_is_a_stop_that_keeps_serving(self):
        daemon = self.start(store={"path": f"{self.state}/nutgraf.db", "min_free": "50MiB"})
        self.cannot_write(daemon, "store.min_free", free=20 << 20)
        self.assertIn("20 MiB are free", daemon.log())

    def test_low_at_the_start_still_serves(self):
        daemon = self.start(store={"path": f"{self.state}/nutgraf.db", "min_free": "50MiB"})
        daemon.stop()
        self.faults.set(free=20 << 20)
        daemon.start()
        self.assertEqual(len(self.stories(daemon)), self.last)
        self.news(2)
        self.logged(daemon, "store.min_free")
        self.faults.clear()
        self.published(daemon)

    def test_a_long_fault_fills_no_log_and_ends_no_process(self):
        """It is no thread that hangs: a watchdog must not end what can still serve."""
        daemon = self.start()
        self.faults.set(write=errno.ENOSPC)
        self.news(1)
        self.logged(daemon, "disk is full")
        time.sleep(70)
        self.assertLessEqual(daemon.log().count("disk is full"), 5)
        self.assertEqual(self.healthz(daemon), (503, "the store refuses to commit; see the log\n"))
        self.assertNotIn("watchdog", daemon.log())
        self.faults.clear()
        self.published(daemon)

    def test_it_stops_while_it_cannot_write(self):
        daemon = self.start()
        self.faults.set(write=errno.ENOSPC)
        self.news(1)
        self.logged(daemon, "disk is full")
        daemon.stop(60)
        self.faults.clear()
        daemon.start()
        self.published(daemon)

    def test_full_at_the_start_is_said(self):
        daemon = self.daemon()
        self.faults.set(write=errno.ENOSPC)
        with self.assertRaisesRegex(AssertionError, "ended with 75\n.*disk is full"):
            daemon.start()
        self.faults.clear()
        daemon.start()
        self.published(daemon)

    def test_read_only_at_the_start_is_said(self):
        daemon = self.daemon()
        self.faults.set(write=errno.EROFS, open=errno.EROFS)
        with self.assertRaisesRegex(AssertionError, "ended with 75\n.*[Rr]ead-only"):
            daemon.start()

    def test_damage_is_refused_with_the_next_step(self):
        daemon = self.start()
        daemon.stop()
        size = os.path.getsize(f"{self.state}/nutgraf.db")
        with open(f"{self.state}/nutgraf.db", "r+b") as file:
            for page in range(4096, size, 4096):
                file.seek(page)
                file.write(b"\xff" * 200)
        with self.assertRaisesRegex(AssertionError, "ended with 1\n(?s:.*)restore a backup"):
            daemon.start()

    def test_damage_of_one_message_is_refused_with_the_next_step(self):
        daemon = self.start()
        daemon.stop()
        db = edit_store(f"{self.state}/nutgraf.db")
        db.execute("UPDATE log SET body = body || ' ' WHERE seq = (SELECT max(seq) FROM log)")
        db.commit()
        db.close()
        with self.assertRaisesRegex(AssertionError, "ended with 1\n(?s:.*)restore a backup"):
            daemon.start()


class Clock(FaultyMachine):
    def jump(self, seconds):
        daemon = self.start()
        self.faults.set(clock=seconds)
        asked = len(self.web.seen())
        began = time.monotonic()
        self.news(2)
        self.published(daemon)
        time.sleep(6)
        took = time.monotonic() - began
        polls = len(self.web.seen()) - asked
        self.assertLessEqual(polls, took / 1 + 4, "more than one poll each min_interval")
        self.assertGreaterEqual(polls, 1)
        self.faults.set(clock=0)
        self.news(2)
        self.published(daemon)
        self.assertEqual(self.feeds(daemon)["f0"]["state"], "ok")
        self.assertEqual(daemon.stop(), 0)
        return daemon

    def test_a_day_ahead_and_back(self):
        self.jump(86400)

    def test_a_year_ahead_and_back(self):
        self.jump(365 * 86400)

    def test_a_day_back_and_ahead(self):
        self.jump(-86400)

    def test_back_before_it_was_made(self):
        self.jump(-20 * 365 * 86400)

    def test_back_while_it_was_not_running(self):
        daemon = self.start()
        daemon.stop()
        self.faults.set(clock=-7 * 86400)
        daemon.start()
        self.news(2)
        self.published(daemon)


class Descriptors(FaultyMachine):
    def cpu(self, daemon):
        with open(f"/proc/{daemon.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_none_left(self):
        daemon = self.start()
        limits = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
        highest = max(int(name) for name in os.listdir(f"/proc/{daemon.process.pid}/fd"))
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (highest + 1, limits[1]))
        before = self.cpu(daemon)
        # More callers than it has room for. libzmq tries again at once, as long as one waits: a core is busy
        # with each of its two sockets. None of our own threads may be.
        callers = []
        for port in 30 * (daemon.live, daemon.sync, daemon.status):
            callers.append(socket.socket())
            callers[-1].setblocking(False)
            callers[-1].connect_ex(("127.0.0.1", port))
        self.news(2)
        time.sleep(10)
        self.assertIsNone(daemon.process.poll(), daemon.log()[-2000:])
        used = self.cpu(daemon) - before
        for caller in callers:
            caller.close()
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, limits)
        self.published(daemon)
        self.assertEqual(self.feeds(daemon)["f0"]["state"], "ok")
        self.assertEqual(self.healthz(daemon)[0], 200)
        self.assertEqual(daemon.stop(), 0)
        print(f"{used:.1f} s of CPU in 10 s without descriptors", flush=True)
        self.assertLess(used, 25)


class Names(FaultyMachine):
    def test_no_resolver(self):
        """As at a boot before the network: no feed is charged, and all are polled when there is one."""
        daemon = self.daemon(HOSTS)
        self.faults.set(names=1)
        daemon.start()
        self.logged(daemon, "Could not resolve host")
        harness.until(lambda: all(feed["polls"] for feed in self.feeds(daemon).values()), 60, "all polled")
        time.sleep(10)
        for name, feed in self.feeds(daemon).items():
            self.assertEqual(feed["state"], "ok", (name, feed))
        self.assertEqual(self.stories(daemon), {})
        self.faults.clear()
        self.published(daemon, 120)
        self.assertEqual(daemon.stop(), 0)


class ToolOnAFullDisk(FaultyMachine):
    def test_a_backup_that_does_not_fit_leaves_nothing(self):
        daemon = self.start()
        self.faults.set(write=errno.ENOSPC)
        done = subprocess.run([harness.program("nutgraf"), "backup", f"{self.state}/copy.db", "--store",
                               f"{self.state}/nutgraf.db"], capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **self.faults.environment})
        self.assertIn(done.returncode, (1, 75))
        self.assertIn("full", done.stderr)
        self.assertEqual([name for name in os.listdir(self.state) if "copy" in name], [])
        self.faults.clear()
        self.published(daemon)


if __name__ == "__main__":
    unittest.main(verbosity=2)
