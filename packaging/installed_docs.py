#!/usr/bin/env python3
"""Writes the documents as the package has them, where docs/ is the folder itself and the rest lies elsewhere:
installed_docs.py PROJECT FOLDER. A link to what is not installed becomes its text."""
import os
import pathlib
import re
import sys

FOLDER = "/usr/share/doc/nutgraf"
ELSEWHERE = {
    "README.md": FOLDER + "/README.md",
    "CHANGELOG.md": FOLDER + "/changelog.gz",
    "LICENSE": FOLDER + "/copyright",
    "config/nutgraf.toml": "/etc/nutgraf/nutgraf.toml",
    "systemd/nutgraf.service": "/lib/systemd/system/nutgraf.service",
}
# Of docs/; man pages and completions have places of their own.
INSTALLED = ("clients", "decisions", "examples", "images", "monitoring", "schema")
COMMANDS = {
    "`man -l docs/man/nutgrafd.8`, `nutgraf.1`, `nutgraf.toml.5`": "`man nutgrafd`, `man nutgraf`, `man nutgraf.toml`",
    "docs/examples/story.txt": FOLDER + "/examples/story.txt",
}


def place(target):
    """Where a file of the project, by its path there, is installed; None if it is not."""
    if target in ELSEWHERE:
        return ELSEWHERE[target]
    folder, _, rest = target.partition("/")
    known = folder == "docs" and (rest.endswith(".md") or rest.split("/")[0] in INSTALLED)
    return f"{FOLDER}/{rest}" if known else None


def installed(text, file):
    """The text of `file`, by its path in the project, for its place in the package."""
    here = os.path.dirname(place(file))

    def moved(link):
        to = place(os.path.normpath(os.path.join(os.path.dirname(file), link)))
        if to is None or not to.startswith(FOLDER):
            return to
        return os.path.relpath(to, here)

    def relink(match):
        label, link, anchor = match.group(1), match.group(2), match.group(3) or ""
        to = moved(link)
        if to is None:
            return label
        return f"[{to if label == link else label}]({to}{anchor})"

    for said, says in COMMANDS.items():
        text = text.replace(said, says)
    text = re.sub(r'(<img src=")([^":]+)', lambda match: match.group(1) + moved(match.group(2)), text)
    # Not before the label's end: a picture's "!" stays where it is.
    return re.sub(r"\[([^\[\]]*)\]\(([^)#:\s]+)(#[^)]*)?\)", relink, text)


def main():
    project, out = map(pathlib.Path, sys.argv[1:])
    for file in [project / "README.md", *(project / "docs").rglob("*.md")]:
        if "node_modules" in file.parts:
            continue
        name = file.relative_to(project).as_posix()
        path = out / os.path.relpath(place(name), FOLDER)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(installed(file.read_text(), name))


if __name__ == "__main__":
    main()
