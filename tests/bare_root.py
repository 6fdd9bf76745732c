#!/usr/bin/env python3
"""The package tried as a stranger would, in a bare Debian 12 root: the transcript in docs/operations.md is its output.

  debootstrap --variant=minbase bookworm /tmp/root
  bare_root.py /tmp/root OLD.deb NEW.deb NEWSROOM

Needs root. OLD is installed and NEW is the upgrade (`cpack -D CPACK_PACKAGE_VERSION=0.1.1` makes one), NEWSROOM the
program nutgraf-newsroom with the demo's ten papers, which runs outside the root, on the same loopback interface. No systemd
runs in there: the daemon is started as the unit would (integration/sandbox.py), as a user of its own, and `systemctl` below
stands for that. Leaves nothing mounted and no process."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "integration"))
import sandbox  # noqa: E402

PROJECT = Path(__file__).resolve().parents[1]
HOME = "/srv/operator"  # In the root: the packages and the backup.
USER = 61184  # The first of systemd's dynamic users.
FEEDS = (PROJECT / "config" / "demo" / "nutgraf.toml").read_text()


class Root:
    def __init__(self, path):
        self.path = Path(path)
        self.daemon = None

    def inside(self, path):
        return self.path / path.lstrip("/")

    def run(self, command, check=0):
        """A command of the operator, as root, shown as on a terminal; its output."""
        print(f"# {command}")
        done = subprocess.run(
            ["chroot", self.path, "/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "COLUMNS": "110",
                              "DEBIAN_FRONTEND": "noninteractive"})
        print(done.stdout, end="" if done.stdout.endswith("\n") or not done.stdout else "\n")
        if check is not None and done.returncode != check:
            sys.exit(f"exit status {done.returncode}, not {check}")
        return done.stdout

    def systemctl_start(self):
        print("# systemctl start nutgraf")
        folders = {"STATE": "/var/lib/nutgraf", "CACHE": "/var/cache/nutgraf", "RUNTIME": "/run/nutgraf"}
        for path in folders.values():
            self.inside(path).mkdir(parents=True, exist_ok=True)
            for owned in [self.inside(path), *self.inside(path).iterdir()]:
                os.chown(owned, USER, USER)
            self.inside(path).chmod(0o750)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            self.inside("/run/notify").unlink(missing_ok=True)
            notify.bind(str(self.inside("/run/notify")))
            self.inside("/run/notify").chmod(0o777)
            notify.settimeout(60)

            def become():
                os.chroot(self.path)
                os.chdir("/")
                os.setgroups([])
                os.setgid(USER)
                os.setuid(USER)
                sandbox.restrict(Path("/lib/systemd/system/nutgraf.service"))

            sandbox.seccomp()
            sandbox.syscall_sets()
            with open(self.inside("/var/log/nutgraf.log"), "ab") as log:
                self.daemon = subprocess.Popen(
                    ["/usr/bin/nutgrafd", "--config", "/etc/nutgraf/nutgraf.toml"], preexec_fn=become, stdout=log, stderr=log,
                    env={"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": "/run/notify",
                         **{name + "_DIRECTORY": path for name, path in folders.items()}})
            while True:
                said = notify.recv(4096).decode()
                if "READY=1" in said:
                    status = re.search("STATUS=(.*)", said)[1]
                    print(f'     Active: active (running)\n     Status: "{status}"')
                    return

    def systemctl_stop(self, why="systemctl stop nutgraf"):
        print(f"# {why}")
        self.daemon.send_signal(signal.SIGTERM)
        if self.daemon.wait(60) != 0:
            sys.exit(f"nutgrafd ended with {self.daemon.returncode}")
        self.daemon = None
        shutil.rmtree(self.inside("/run/nutgraf"))

    def log(self, lines):
        print(f"# journalctl -u nutgraf -n {lines}")
        print("\n".join(self.inside("/var/log/nutgraf.log").read_text().splitlines()[-lines:]))

    def close(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait()


def title(text):
    print(f"\n--- {text}")


def walk(root, old, new):
    name = Path(old).name, Path(new).name
    root.inside(HOME).mkdir(parents=True, exist_ok=True)
    for deb in (old, new):
        shutil.copy(deb, root.inside(HOME))

    title("install")
    root.run(f"apt-get install -y --no-install-recommends {HOME}/{name[0]} 2>&1 | tail -2")
    root.run("nutgraf check-config")
    root.systemctl_start()
    root.run("nutgraf status")

    title("ten feeds")
    settings, _, feeds = FEEDS.partition("[[feed]]")
    root.inside("/etc/nutgraf/nutgraf.d/feeds.toml").write_text("[[feed]]" + feeds)
    quick = re.search(r"\[poll\].*?(?=\n\[\[|\Z)", settings, re.S)[0]
    root.inside("/etc/nutgraf/nutgraf.d/quick.toml").write_text(quick)
    root.run("grep -c '^url' /etc/nutgraf/nutgraf.d/feeds.toml")
    root.run("nutgraf check-config && nutgraf reload --wait")
    time.sleep(8)
    root.run("nutgraf feeds")

    title("a subscriber")
    root.run(f"nutgraf tail --all --no-follow --cursor {HOME}/cursor --topic story. | head -24")

    title("a bad reload is refused")
    path = root.inside("/etc/nutgraf/nutgraf.d/quick.toml")
    good = path.read_text()
    path.write_text(good.replace("interval = \"2s\"", "intervall = \"2s\"", 1).replace("per_host_concurrency = 8",
                                                                                      "per_host_concurrency = 800"))
    root.run("nutgraf reload --wait", check=1)
    root.run("nutgraf status | grep feeds")

    title("a good one is taken")
    path.write_text(good)
    feeds_file = root.inside("/etc/nutgraf/nutgraf.d/feeds.toml")
    feeds_file.write_text(feeds_file.read_text().replace('id = "harbour"', 'id = "harbour"\ninterval = "10s"'))
    root.run("nutgraf reload --wait")
    root.run("nutgraf check-config --print | grep -A12 'id = \"harbour\"' | grep interval")

    title("the log")
    root.log(8)

    title("back up, and restore")
    root.run(f"nutgraf backup {HOME}/news.bak && nutgraf verify {HOME}/news.bak")
    time.sleep(10)
    root.systemctl_stop()
    root.run("cd /var/lib/nutgraf && mv nutgraf.db nutgraf.db.old && rm -f nutgraf.db-wal nutgraf.db-shm && "
             f"cp {HOME}/news.bak nutgraf.db")
    root.systemctl_start()
    root.run("grep epoch /var/log/nutgraf.log | tail -1")
    root.run(f"nutgraf tail --no-follow --cursor {HOME}/cursor --topic story. 2>&1 | tail -4")
    root.run("nutgraf verify")

    title("upgrade")
    root.run("echo '# mine' >> /etc/nutgraf/nutgraf.toml")
    root.run(f"apt-get install -y --no-install-recommends {HOME}/{name[1]} 2>&1 | tail -2")
    root.systemctl_stop("systemctl try-restart nutgraf    # by the package")
    root.systemctl_start()
    root.run("nutgraf status")
    root.run("tail -1 /etc/nutgraf/nutgraf.toml")

    title("remove, and purge")
    root.systemctl_stop("systemctl stop nutgraf           # by the package")
    root.run("apt-get remove -y nutgraf 2>&1 | tail -2")
    root.run("ls /etc/nutgraf /var/lib/nutgraf")
    root.run("rm /etc/nutgraf/nutgraf.d/*.toml; apt-get purge -y nutgraf 2>&1 | tail -2")
    root.run(f"find / -xdev -path /proc -prune -o -name '*nutgraf*' -print | grep -v -e ^{HOME} -e ^/var/log/nutgraf.log -e ^/var/cache/apt",
             check=1)


def main(path, old, new, newsroom):
    root = Root(path)
    root.inside("/etc/apt/apt.conf.d/quiet").write_text('Dpkg::Use-Pty "0";\n')
    papers = subprocess.Popen([newsroom, "demo", str(PROJECT / "config" / "demo"), "--port", "18490"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["mount", "-t", "proc", "proc", root.inside("/proc")], check=True)
    try:
        walk(root, old, new)
    finally:
        root.close()
        subprocess.run(["umount", root.inside("/proc")], check=True)
        papers.terminate()
        papers.wait()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
