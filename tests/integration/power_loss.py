"""A loss of power, played on the files of a daemon that was killed: what it wrote after the last sync of a file is lost,
in part, in any order, torn. The journal is that of tests/support/power_loss.cc."""
import struct
from pathlib import Path

HEADER = struct.Struct("<c3xIIq")
SECTOR = 512


def read_journal(path):
    """[(op, name, number, data)]; a record that its writer's death cut off is left out."""
    data, at, records = Path(path).read_bytes(), 0, []
    while at + HEADER.size <= len(data):
        op, name_size, data_size, number = HEADER.unpack_from(data, at)
        name_at = at + HEADER.size
        data_at = name_at + name_size
        at = data_at + data_size
        if at > len(data):
            break
        records.append((op.decode(), data[name_at:data_at].decode(), number, data[data_at:at]))
    return records


def split(records, name):
    """The changes of a file: those that a sync has made durable, and those after it; and whether it is sure to exist."""
    changes, begun, durable = [], {}, None
    for op, of, number, data in records:
        if of != name:
            continue
        if op == "s":
            begun[number] = len(changes)
        elif op == "S":
            durable = max(durable or 0, begun[number])
        else:
            changes.append((op, number, data))
    return changes[:durable or 0], changes[durable or 0:], durable is not None


def apply(image, op, number, data):
    """`image` (a bytearray, or None for no file) after one change."""
    if op == "U":
        return None
    image = bytearray() if image is None else image
    if op == "T":
        image = image[:number].ljust(number, b"\0")
    elif op == "W":
        if len(image) < number:
            image.extend(bytes(number - len(image)))
        image[number:number + len(data)] = data
    return image


def torn(number, data, rng):
    """A write of which only some sectors came through, as writes."""
    at = 0
    while at < len(data):
        end = min(len(data), at + SECTOR - (number + at) % SECTOR)
        if rng.random() < 0.5:
            yield "W", number + at, data[at:end]
        at = end


def survivors(changes, how, rng):
    """What of the changes after the last sync came through. A name that is given up and taken again names another file:
    it stands for the old one with its changes, or for the new one with some of its own."""
    for n, (op, _, _) in enumerate(changes):
        if op == "U":
            old, new = changes[:n], changes[n + 1:]
            return survivors(old, how, rng) if rng.random() < 0.5 else [changes[n]] + survivors(new, how, rng)
    if how == "all":
        return changes
    if how == "some first":
        return changes[:rng.randrange(len(changes) + 1)]
    kept = [c for c in changes if how != "none" and rng.random() < 0.5]
    if how == "torn":
        return [part for op, number, data in kept
                for part in (torn(number, data, rng) if op == "W" else [(op, number, data)])]
    return kept  # "any": the disk wrote them in an order of its own.


class Disk:
    """What is durable of the files of a folder. Make one while nobody writes there."""

    HOW = ("none", "all", "some first", "any", "torn")

    def __init__(self, folder):
        self.folder = Path(folder)
        self.images = {}
        self.dropped = 0  # Changes that were lost, in all.
        self.look()

    def look(self):
        """Takes what is there as durable."""
        self.images = {p.name: bytearray(p.read_bytes()) for p in self.folder.iterdir()
                       if p.is_file() and not p.name.endswith("-shm")}

    def lose(self, journal, rng):
        """Makes the folder what a loss of power leaves of it. Files stay the same files."""
        records = read_journal(journal)
        how = rng.choice(self.HOW)
        for name in {name for _, name, _, _ in records}:
            sure, rest, synced = split(records, name)
            image = self.images.get(name)
            if image is None and not synced and rng.random() < 0.5:
                continue  # Its name never reached the disk.
            kept = survivors(rest, how, rng)
            self.dropped += len(rest) - min(len(kept), len(rest))
            for change in sure + kept:
                image = apply(image, *change)
            if image is None:
                self.images.pop(name, None)
            else:
                self.images[name] = image
        self.restore()

    def restore(self):
        for path in list(self.folder.iterdir()):
            if path.is_file() and path.name not in self.images:
                path.unlink()
        for name, image in self.images.items():
            path = self.folder / name
            with open(path, "r+b" if path.exists() else "wb") as file:
                file.write(image)
                file.truncate()
