#!/usr/bin/env python3
"""Completions offer what the programs' help names, no more and no less, at every point of the command line; and the
man pages name no option that is gone. bash and fish are asked themselves (fish where it is installed), zsh's file is
read (and parsed by zsh where it is). completions_test.py NUTGRAF NUTGRAFD"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def said(program, path):
    """Options and commands in a help text; by other means than those of the generator."""
    text = subprocess.run([program, *path, "--help"], check=True, capture_output=True, text=True).stdout
    options = set()
    for names in re.findall(r"^  (-[\w,-]+)", text, re.M):
        options |= set(names.split(","))
    after = text.partition("\nSubcommands:\n")[2]
    return options, set(re.findall(r"^  ([a-z][\w-]*)", after, re.M))


def points(program, path=()):
    options, commands = said(program, path)
    yield path, options, commands
    for command in sorted(commands):
        yield from points(program, (*path, command))


def bash_offers(file, words):
    script = ('source "$1"; shift; name=$1; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '"_$name"; printf "%s\\n" "${COMPREPLY[@]}"')
    out = subprocess.run(["bash", "-c", script, "bash", str(file), *words], check=True, capture_output=True, text=True,
                         cwd=file.parent / "nothing")
    if out.stderr:
        raise RuntimeError(out.stderr)
    return set(out.stdout.split())


def fish_offers(file, words):
    line = " ".join(words)
    out = subprocess.run(["fish", "--no-config", "-c", f"source {file}; complete -C '{line}'"], check=True,
                         capture_output=True, text=True, cwd=file.parent / "nothing")
    return {entry.split("\t")[0] for entry in out.stdout.splitlines()}


def zsh_offers(file, words):
    name = "_".join(["_" + words[0], *words[1:-1]]).replace("-", "_")
    body = re.search(rf"^{name}\(\) \{{\n(.*?)^\}}", file.read_text(), re.M | re.S)[1]
    if words[-1] == "-":
        return set(re.findall(r"^    '\*(-[\w-]+)\[", body, re.M))
    return set(re.findall(r"^        '([\w-]+):", body, re.M))


def problems_of(shell, offers, file, name, program):
    # What a command's own argument can be, where the help says so in words.
    levels = {"trace", "debug", "info", "warn", "error"} if shell != "zsh" else set()
    for path, options, commands in points(program):
        words = commands | (levels if path == ("log-level",) else set())
        for typed, expected in (("-", options), ("", words)):
            offered = offers(file, [name, *path, typed])
            if offered != expected:
                yield (f"{shell}: after \"{' '.join([name, *path, typed])}\": "
                       f"missing {sorted(expected - offered)}, too many {sorted(offered - expected)}")


def gone_options(programs):
    everything = {"nutgraf.1": set(), "nutgrafd.8": set()}
    for name, program in programs.items():
        for _, options, _ in points(program):
            everything["nutgraf.1" if name == "nutgraf" else "nutgrafd.8"] |= options
    for page, options in everything.items():
        text = (ROOT / "docs" / "man" / page).read_text().replace("\\-", "-")
        for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text)) - options):
            yield f"docs/man/{page}: names {option}, which no help does"


def main(nutgraf, nutgrafd):
    programs = {"nutgraf": nutgraf, "nutgrafd": nutgrafd}
    problems = list(gone_options(programs))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(ROOT / "docs" / "completions" / "make_completions.py"), nutgraf, nutgrafd,
                        folder], check=True)
        shells = {"bash": (bash_offers, "{}"), "zsh": (zsh_offers, "_{}"), "fish": (fish_offers, "{}.fish")}
        for shell, (offers, pattern) in shells.items():
            there = shutil.which(shell)
            if shell == "fish" and not there:
                print("not asked, because it is not installed: fish")
                continue
            (pathlib.Path(folder) / shell / "nothing").mkdir()
            for name, program in programs.items():
                file = pathlib.Path(folder) / shell / pattern.format(name)
                if there and subprocess.run([shell, "-n", str(file)], check=False).returncode:
                    problems.append(f"{file.name}: {shell} cannot read it")
                problems += problems_of(shell, offers, file, name, program)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
