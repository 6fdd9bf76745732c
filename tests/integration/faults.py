"""A machine that fails on demand, for a daemon under test: the other side of tests/support/faults.cc."""
import mmap
import os
import struct
from pathlib import Path

NAMES = ("write", "open", "clock", "names", "free", "sync")
NONE = {"write": 0, "open": 0, "clock": 0, "names": 0, "free": -1, "sync": 0}


def library():
    builds = [os.environ["NUTGRAF_BUILD"]] if "NUTGRAF_BUILD" in os.environ else [
        Path(__file__).resolve().parents[2] / "build" / b for b in ("release", "dev")]
    for build in builds:
        path = Path(build).absolute() / "tests" / "support" / "nutgraf_faults.so"
        if path.exists():
            return str(path)
    raise FileNotFoundError("nutgraf_faults.so is not built")


class Faults:
    """faults.set(write=errno.ENOSPC) fails every write below `folder` from now on; faults.clear() mends all."""

    def __init__(self, file, folder):
        self.environment = {"LD_PRELOAD": library(), "NUTGRAF_FAULTS": str(file), "NUTGRAF_FAULTS_FOLDER": str(folder)}
        with open(file, "w+b") as shared:
            shared.write(bytes(8 * len(NAMES)))
            shared.flush()
            self.memory = mmap.mmap(shared.fileno(), 8 * len(NAMES))
        self.clear()

    def set(self, **faults):
        for name, value in faults.items():
            struct.pack_into("q", self.memory, 8 * NAMES.index(name), value)

    def clear(self):
        self.set(**NONE)
