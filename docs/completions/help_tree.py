"""What the programs can be told, read from their --help: one source for every shell's completions."""
import dataclasses
import re
import subprocess


@dataclasses.dataclass
class Option:
    names: list        # ["-h", "--help"]; of a positional ["FILE"]
    value: str         # "N", "FILE", "TEXT:{debug,info}"; "" for a flag
    description: str

    def takes_file(self):
        return bool(FILES & {self.value, *self.names})

    def choices(self):
        """The values that it can have, if they are few."""
        listed = re.search(r"\{([\w,-]+)\}", self.value)
        return listed[1].split(",") if listed else next((CHOICES[name] for name in self.names if name in CHOICES), [])


@dataclasses.dataclass
class Command:
    path: list         # [] for the program, ["feeds", "pause"]
    description: str
    options: list      # of Option
    positionals: list  # of Option
    commands: list     # of Command


# What is called so takes a file.
FILES = {"FILE", "PATH", "--config", "--control", "--cursor"}
# What a value can be, where the help says so in words only.
CHOICES = {"--method": ["nutgraf", "textrank", "lexrank"]}


def section(text, title):
    """Lines of a section, each with those that continue its description."""
    found = re.search(rf"^{title}:\n((?:  .*\n| *\n)*)", text, re.M)
    entries = []
    for line in found[1].splitlines() if found else []:
        if re.match(r"  \S", line):
            entries.append(line)
        elif entries and line.strip():
            entries[-1] += "  " + line.strip() if "  " not in entries[-1][2:] else " " + line.strip()
    return entries


def first_sentence(text):
    """As much as fits beside a name: without what is in brackets, up to the first stop."""
    text = re.sub(r"\s+", " ", re.sub(r" ?\([^)]*\)", "", text)).strip()
    return re.split(r"[.:;](?: |$)", text)[0].strip()


def option_of(entry):
    head, _, description = entry.strip().partition("  ")
    names, _, value = head.partition(" ")
    value = re.split(r"\b(?:Excludes|Needs):", value)[0].strip(" .")
    return Option(names.split(","), value.split(" ")[0], first_sentence(description))


def read(program, path=()):
    """A program's tree. Two levels of commands are all that there are."""
    text = subprocess.run([program, *path, "--help"], check=True, capture_output=True, text=True).stdout + "\n"
    children = [(entry.split()[0], entry.strip().partition("  ")[2]) for entry in section(text, "Subcommands")]
    commands = []
    for name, description in children:
        command = read(program, (*path, name))
        command.description = first_sentence(description)
        commands.append(command)
    return Command(list(path), "", [option_of(entry) for entry in section(text, "Options")],
                   [option_of(entry) for entry in section(text, "Positionals")], commands)


def every(command):
    yield command
    for child in command.commands:
        yield from every(child)
