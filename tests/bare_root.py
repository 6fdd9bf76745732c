#!/usr/bin/env python3
"""The package tried as a stranger would, in a bare Debian 12 with a systemd of its own: the transcript in
docs/operations.md is its output.

  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm /tmp/root
  bare_root.py /tmp/root OLD.deb NEW.deb NEWSROOM

Needs root. OLD is installed and NEW is the upgrade (`cpack -D CPACK_PACKAGE_VERSION=0.1.1` makes one), NEWSROOM the
program nutgraf-newsroom with the demo's ten papers. systemd is process 1 of namespaces of its own, with cgroups version 2 and
a network that has loopback only: what the package depends on is fetched before. Leaves nothing mounted and no process."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HOME = "/srv/operator"  # In the root: the packages and the backup.
FEEDS = (PROJECT / "config" / "demo" / "nutgraf.toml").read_text()
NAMESPACES = ["--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup"]
# What systemd expects of whoever starts it (https://systemd.io/CONTAINER_INTERFACE), in mounts that end with it.
BOOT = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
for node in null zero full random urandom tty; do touch dev/$node; mount --bind /dev/$node dev/$node; done
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ip link set lo up
hostname newsdesk
# Not chroot: who is in one may not have user namespaces, which PrivateUsers= makes.
pivot_root . .
umount -l .
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other /lib/systemd/systemd --unit=multi-user.target
"""


class Machine:
    """A root with its own process 1."""

    def __init__(self, path):
        self.path = Path(path)
        self.outer = self.init = None

    def inside(self, path):
        return self.path / path.lstrip("/")

    def chroot(self, command):
        """As long as there is no process 1: this one has the network of the outer machine."""
        subprocess.run(["chroot", self.path, "/bin/sh", "-c", command], check=True, stdout=subprocess.DEVNULL)

    def boot(self):
        self.outer = subprocess.Popen(["unshare", "--fork", "--kill-child", *NAMESPACES, "sh", "-c", BOOT, "sh", self.path],
                                      stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        children = Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children")
        while not (init := children.read_text().strip()):
            time.sleep(0.1)
        self.init = init
        self.until("systemctl is-system-running", "running", "degraded")  # Without a console it is degraded.

    def until(self, command, *answers):
        deadline = time.monotonic() + 120
        while self.within(command + " 2>/dev/null").stdout.strip() not in answers:
            if time.monotonic() > deadline:
                sys.exit(f"{command}: not {answers[0]} within two minutes")
            time.sleep(0.5)

    def within(self, command):
        return subprocess.run(
            ["nsenter", "--target", self.init, *NAMESPACES, "/bin/sh", "-c", command], check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "COLUMNS": "110", "SYSTEMD_COLORS": "0",
                 "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_PAGER": "cat"})

    def run(self, command, check=0):
        """A command of the operator, as root, shown as on a terminal; its output."""
        print(f"# {command}")
        done = self.within(command)
        print(done.stdout, end="" if done.stdout.endswith("\n") or not done.stdout else "\n", flush=True)
        if check is not None and done.returncode != check:
            sys.exit(f"exit status {done.returncode}, not {check}")
        return done.stdout

    def newsroom(self, program):
        """On the inner loopback interface."""
        return subprocess.Popen(["nsenter", "--target", self.init, "--net", program, "demo", PROJECT / "config" / "demo",
                                 "--port", "18490"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        if self.outer:
            os.kill(int(self.init or self.outer.pid), signal.SIGKILL)
            self.outer.wait()


def title(text):
    print(f"\n--- {text}")


def install(machine, package):
    machine.run(f"apt-get install -y --no-install-recommends {HOME}/{package} 2>&1 | tail -2")


def walk(machine, old, new):
    title("install")
    install(machine, old)
    machine.run("nutgraf check-config")
    machine.run("systemctl status nutgraf --no-pager -n 0")
    machine.run("nutgraf status")

    title("ten feeds")
    settings, _, feeds = FEEDS.partition("[[feed]]")
    machine.inside("/etc/nutgraf/nutgraf.d/feeds.toml").write_text("[[feed]]" + feeds)
    quick = re.search(r"\[poll\].*?(?=\n\[\[|\Z)", settings, re.S)[0]
    machine.inside("/etc/nutgraf/nutgraf.d/quick.toml").write_text(quick)
    machine.run("grep -c '^url' /etc/nutgraf/nutgraf.d/feeds.toml")
    machine.run("nutgraf check-config && systemctl reload nutgraf")
    time.sleep(8)
    machine.run("nutgraf feeds")

    title("a subscriber")
    machine.run(f"nutgraf tail --all --no-follow --cursor {HOME}/cursor --topic story. | head -24")

    title("a bad reload is refused")
    path = machine.inside("/etc/nutgraf/nutgraf.d/quick.toml")
    good = path.read_text()
    path.write_text(good.replace("interval = \"2s\"", "intervall = \"2s\"", 1).replace("per_host_concurrency = 8",
                                                                                      "per_host_concurrency = 800"))
    machine.run("systemctl reload nutgraf", check=1)
    machine.run("nutgraf reload --wait", check=1)
    machine.run("nutgraf status | grep feeds")

    title("a good one is taken")
    path.write_text(good)
    feeds_file = machine.inside("/etc/nutgraf/nutgraf.d/feeds.toml")
    feeds_file.write_text(feeds_file.read_text().replace('id = "harbour"', 'id = "harbour"\ninterval = "10s"'))
    machine.run("systemctl reload nutgraf")
    machine.run("nutgraf check-config --print | grep -A12 'id = \"harbour\"' | grep interval")

    title("the log")
    machine.run("journalctl -u nutgraf -n 8 --no-hostname")
    machine.run("journalctl NUTGRAF_FEED=harbour NUTGRAF_STATUS=200 -n 2 -o cat")

    title("it is killed, and comes back")
    machine.run("systemctl kill --signal=SIGKILL nutgraf")
    time.sleep(2)  # RestartSec=
    machine.until("systemctl is-active nutgraf", "active")
    machine.run("systemctl show nutgraf -p NRestarts -p StatusText")
    machine.run("nutgraf tail --no-follow --cursor {HOME}/cursor --topic story. 2>&1 | tail -4".format(HOME=HOME))

    title("back up, and restore")
    machine.run(f"nutgraf backup {HOME}/news.bak && nutgraf verify {HOME}/news.bak")
    time.sleep(10)
    machine.run("systemctl stop nutgraf")
    machine.run("cd /var/lib/nutgraf && mv nutgraf.db nutgraf.db.old && rm -f nutgraf.db-wal nutgraf.db-shm && "
                f"cp {HOME}/news.bak nutgraf.db && chown --reference=nutgraf.db.old nutgraf.db && "
                "chmod --reference=nutgraf.db.old nutgraf.db")
    machine.run("systemctl start nutgraf && systemctl show nutgraf -p StatusText")
    machine.run("journalctl -u nutgraf -o cat | grep epoch | tail -1")
    machine.run(f"nutgraf tail --no-follow --cursor {HOME}/cursor --topic story. 2>&1 | tail -4")
    machine.run("nutgraf verify")

    title("upgrade")
    machine.run("echo '# mine' >> /etc/nutgraf/nutgraf.toml")
    install(machine, new)
    machine.run("nutgraf status")
    machine.run("tail -1 /etc/nutgraf/nutgraf.toml")

    title("remove, and purge")
    machine.run("apt-get remove -y nutgraf 2>&1 | tail -2")
    machine.run("ls /etc/nutgraf /var/lib/nutgraf/")
    machine.run("rm /etc/nutgraf/nutgraf.d/*.toml; apt-get purge -y nutgraf 2>&1 | tail -2")
    machine.run(f"find / -xdev -path /proc -prune -o -name '*nutgraf*' -print | grep -v -e ^{HOME} -e ^/var/cache/apt", check=1)


def main(path, old, new, newsroom):
    machine = Machine(path)
    machine.inside("/etc/apt/apt.conf.d/quiet").write_text('Dpkg::Use-Pty "0";\n')
    machine.inside(HOME).mkdir(parents=True, exist_ok=True)
    names = [Path(shutil.copy(deb, machine.inside(HOME))).name for deb in (old, new)]
    machine.chroot(f"apt-get update -qq && apt-get install -qq -y --no-install-recommends --download-only {HOME}/{names[0]}")
    machine.boot()
    papers = machine.newsroom(newsroom)
    try:
        walk(machine, *names)
    finally:
        papers.terminate()
        papers.wait()
        machine.close()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
