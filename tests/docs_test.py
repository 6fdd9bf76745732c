#!/usr/bin/env python3
"""Holds the documents to the project: tests that docs/architecture.md names exist, links lead somewhere, the
man page of the configuration is the one made from it, those of the programs name every command and option."""
import fnmatch
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def test_names():
    found = set()
    for file in (ROOT / "tests").rglob("*.cc"):
        for suite, name in re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)", file.read_text(), re.M):
            found.add(f"{suite}.{name}")
    return found


def missing_tests():
    names = test_names()
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text[text.index("## What always holds"):text.index("## Looks like a bug")]
    for named in re.findall(r"`([A-Z]\w+\.[\w*]+)`", table):
        if not fnmatch.filter(names, named):
            yield f"docs/architecture.md: no test {named}"


def dead_links():
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            if not (file.parent / link).exists():
                yield f"{file.relative_to(ROOT)}: no {link}"


def stale_examples():
    """The examples of docs/protocol.md are files beside the clients."""
    text = (ROOT / "docs" / "protocol.md").read_text()
    for name in ("python/follow.py", "node/follow.mjs"):
        code = (ROOT / "docs" / "clients" / name).read_text()
        if code[code.index("import "):] not in text:
            yield f"docs/protocol.md: not the code of docs/clients/{name}"


def missing_in_pages():
    pages = {name: (ROOT / "docs" / "man" / name).read_text().replace("\\-", "-") for name in ("nutgraf.1", "nutgrafd.8")}
    for file in sorted((ROOT / "daemon" / "main").glob("*.cc")):
        page = "nutgrafd.8" if file.stem == "nutgrafd" else "nutgraf.1"
        code = file.read_text()
        said = re.findall(r'add_(?:option|flag)\w*\(\s*\*?"(--[\w-]+)', code)
        said += re.findall(r'add_subcommand\(\s*"([\w-]+)"', code)
        for word in said:
            if not re.search(rf"(?<![\w-]){word}(?![\w-])", re.sub(r"\\f[BIR]", " ", pages[page])):
                yield f"docs/man/{page}: no {word}, which {file.name} has"


def main():
    problems = [*missing_tests(), *dead_links(), *stale_examples(), *missing_in_pages()]
    for problem in problems:
        print(problem)
    page = subprocess.run([sys.executable, str(ROOT / "docs" / "man" / "make_toml_page.py"), "--check"], check=False)
    return 1 if problems or page.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
