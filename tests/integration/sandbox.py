"""The unit's restrictions without systemd: what systemd/nutgraf.service says of system calls, address families, realtime
scheduling, memory that is both written and run, file modes and open files, put on a child before it becomes the program.
It reads the unit itself, so that a test fails where the unit forbids something that the program needs.

Linux on 64 bits; libseccomp.so.2, which apt needs and every Debian has."""
import ctypes
import errno
import functools
import mmap
import os
import resource
import socket
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
UNIT = PROJECT / "systemd" / "nutgraf.service"

ALLOW, PR_SET_NO_NEW_PRIVS = 0x7FFF0000, 38
MASKED_EQUAL, EQUAL = 7, 4
SHM_EXEC = 0o100000
NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)  # CLONE_NEW…


def refuse(number):
    """SCMP_ACT_ERRNO"""
    return 0x00050000 | number


class Comparison(ctypes.Structure):
    """scmp_arg_cmp"""
    _fields_ = [("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


@functools.cache
def seccomp():
    """libseccomp, or None."""
    try:
        found = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        return None
    found.seccomp_init.restype = ctypes.c_void_p
    found.seccomp_init.argtypes = [ctypes.c_uint32]
    found.seccomp_load.argtypes = [ctypes.c_void_p]
    found.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    return found


def unit_lines(key, unit=UNIT):
    """The values of a key, in order; each of its lines is one."""
    return [line.partition("=")[2].strip() for line in unit.read_text().splitlines() if line.startswith(key + "=")]


@functools.cache
def syscall_sets():
    sets, name = {}, ""
    for line in (Path(__file__).parent / "syscall_sets.txt").read_text().splitlines():
        if line.startswith("@"):
            name = line
            sets[name] = set()
        elif line.startswith(" "):
            sets[name] |= set(line.split())
    return sets


def allowed_calls(unit=UNIT, sets=None):
    """SystemCallFilter= as systemd.exec(5) reads it: the first line makes a list of what is allowed, "~" takes out."""
    sets = sets or syscall_sets()
    calls = set(sets["@default"])
    for line in unit_lines("SystemCallFilter", unit):
        out = line.startswith("~")
        for word in line.lstrip("~").split():
            named = sets[word] if word.startswith("@") else {word}
            calls = calls - named if out else calls | named
    return calls


class Filter:
    def __init__(self, default):
        self.context = seccomp().seccomp_init(default)

    def add(self, action, name, *comparisons):
        number = seccomp().seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            return  # Not of this machine.
        array = (Comparison * max(1, len(comparisons)))(*comparisons)
        failed = seccomp().seccomp_rule_add_array(self.context, action, number, len(comparisons), ctypes.byref(array))
        if failed:
            raise OSError(-failed, f"seccomp rule for {name}")

    def load(self):
        failed = seccomp().seccomp_load(self.context)
        if failed:
            raise OSError(-failed, "seccomp_load")


def list_filter(unit):
    allowed = Filter(refuse(errno.EPERM))
    for name in sorted(allowed_calls(unit)):
        allowed.add(ALLOW, name)
    return allowed


def argument_filter(unit):
    """What is forbidden with some arguments only."""
    forbidden = Filter(ALLOW)
    if unit_lines("MemoryDenyWriteExecute", unit) == ["yes"]:
        both = mmap.PROT_WRITE | mmap.PROT_EXEC
        forbidden.add(refuse(errno.EPERM), "mmap", Comparison(2, MASKED_EQUAL, both, both))
        forbidden.add(refuse(errno.EPERM), "mprotect", Comparison(2, MASKED_EQUAL, mmap.PROT_EXEC, mmap.PROT_EXEC))
        forbidden.add(refuse(errno.EPERM), "shmat", Comparison(2, MASKED_EQUAL, SHM_EXEC, SHM_EXEC))
    if unit_lines("RestrictRealtime", unit) == ["yes"]:
        for policy in (os.SCHED_FIFO, os.SCHED_RR):
            forbidden.add(refuse(errno.EPERM), "sched_setscheduler", Comparison(1, EQUAL, policy))
    if unit_lines("RestrictNamespaces", unit) == ["yes"]:
        forbidden.add(refuse(errno.ENOSYS), "clone3")  # Its flags are in memory, which a filter cannot read.
        for flag in NAMESPACES:
            for name in ("clone", "unshare"):
                forbidden.add(refuse(errno.EPERM), name, Comparison(0, MASKED_EQUAL, flag, flag))
        forbidden.add(refuse(errno.EPERM), "setns")
    families = {int(getattr(socket, name)) for line in unit_lines("RestrictAddressFamilies", unit) for name in line.split()}
    for family in range(46):
        if family not in families:
            forbidden.add(refuse(errno.EAFNOSUPPORT), "socket", Comparison(0, EQUAL, family))
    return forbidden


def restrict(unit=UNIT):
    """For a child, between fork and exec."""
    descriptors = int(unit_lines("LimitNOFILE", unit)[0])
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    os.umask(int(unit_lines("UMask", unit)[0], 8))
    if ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("no_new_privs")
    argument_filter(unit).load()
    list_filter(unit).load()
