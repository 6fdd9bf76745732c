#!/usr/bin/env python3
"""Writes the completions of both programs for bash, zsh and fish from their --help:
make_completions.py NUTGRAF NUTGRAFD FOLDER makes FOLDER/{bash,zsh,fish}/…, named as those shells want them."""
import pathlib
import re
import sys

import help_tree

NOTE = "# Written by make_completions.py from `{} --help`.\n"


def choices(command):
    """Of its positional arguments."""
    return [choice for positional in command.positionals for choice in positional.choices()]


def files(command):
    return any(positional.takes_file() for positional in command.positionals)


# --- bash ------------------------------------------------------------------------------------------

def bash_node(command):
    words = [name for option in command.options for name in option.names]
    out = [f"    '{' '.join(command.path)}')\n",
           f"      options='{' '.join(words)}'\n",
           f"      words='{' '.join([child.path[-1] for child in command.commands] + choices(command))}'\n"]
    if files(command):
        out.append("      files=1\n")
    for option in command.options:
        if not option.value:
            continue
        does = "COMPREPLY=()"
        if option.takes_file():
            does = "COMPREPLY=($(compgen -f -- \"$cur\"))"
        elif option.choices():
            does = f"COMPREPLY=($(compgen -W '{' '.join(option.choices())}' -- \"$cur\"))"
        for name in option.names:
            out.append(f"      [[ $prev != {name} ]] || {{ {does}; return; }}\n")
    return "".join(out) + "      ;;\n"


def bash(name, tree):
    steps = [f"'{' '.join(node.path[:-1])}:{node.path[-1]}'" for node in help_tree.every(tree) if node.path]
    walk = ""
    if steps:
        walk = ("  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "    case \"$path:${COMP_WORDS[i]}\" in\n"
                "      " + " | \\\n        ".join(steps) + ") path=\"${path:+$path }${COMP_WORDS[i]}\" ;;\n"
                "    esac\n  done\n")
    nodes = "".join(bash_node(node) for node in help_tree.every(tree))
    return (NOTE.format(name) + f"""# shellcheck shell=bash disable=SC2207  # No completion has a space but files, which readline quotes.
_{name}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} path='' options='' words='' files=0 i
{walk}  case $path in
{nodes}  esac
  [[ $cur != -* ]] || words=$options
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ $files == 0 || $cur == -* ]] || COMPREPLY+=($(compgen -f -- "$cur"))
}}
complete -o filenames -F _{name} {name}
""")


# --- zsh -------------------------------------------------------------------------------------------

def zsh_quote(text):
    return text.replace("'", "’").replace("[", "(").replace("]", ")").replace(":", "\\:").replace("`", "")


def zsh_value(option):
    if not option.value:
        return ""
    what = re.split("[:=]", option.value)[0]
    if option.takes_file():
        return f":{what}:_files"
    if option.choices():
        return f":{what}:({' '.join(option.choices())})"
    return f":{what}: "


def zsh_options(command):
    for option in command.options:
        for name in option.names:
            yield f"    '*{name}[{zsh_quote(option.description)}]{zsh_value(option)}'"


def zsh_node(name, command):
    function = "_".join(["_" + name, *command.path]).replace("-", "_")
    parts = list(zsh_options(command))
    if command.commands:
        parts += ["    '1: :->command'", "    '*:: :->rest'"]
    elif choices(command):
        parts.append(f"    '1:{command.positionals[0].names[0]}:({' '.join(choices(command))})'")
    elif files(command):
        parts.append("    '*:FILE:_files'")
    elif command.positionals:
        parts.append(f"    '*:{command.positionals[0].names[0]}: '")
    out = [f"{function}() {{\n"]
    if command.commands:
        out.append("  local state line\n  typeset -A opt_args\n")
    out.append("  _arguments -C \\\n" + " \\\n".join(parts) + "\n")
    if command.commands:
        named = "\n".join(f"        '{child.path[-1]}:{zsh_quote(child.description)}'" for child in command.commands)
        calls = "\n".join(f"        {child.path[-1]}) {'_'.join(['_' + name, *child.path]).replace('-', '_')} ;;"
                          for child in command.commands)
        out.append(f"""  case $state in
    command)
      local -a commands=(
{named}
      )
      _describe command commands
      ;;
    rest)
      case $words[1] in
{calls}
      esac
      ;;
  esac
""")
    return "".join(out) + "}\n\n"


def zsh(name, tree):
    nodes = "".join(zsh_node(name, node) for node in help_tree.every(tree))
    return f"#compdef {name}\n" + NOTE.format(name) + "\n" + nodes + f"_{name} \"$@\"\n"


# --- fish ------------------------------------------------------------------------------------------

def fish_quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_condition(tree, command):
    """When the words so far say that it is this command's turn."""
    if not tree.commands:
        return ""
    if not command.path:
        return " -n __fish_use_subcommand"
    tests = [f"__fish_seen_subcommand_from {word}" for word in command.path]
    if command.commands:
        tests.append(f"not __fish_seen_subcommand_from {' '.join(child.path[-1] for child in command.commands)}")
    return " -n " + fish_quote("; and ".join(tests))


def fish_node(name, tree, command):
    start = f"complete -c {name}" + fish_condition(tree, command)
    for child in command.commands:
        yield f"{start} -f -a {child.path[-1]} -d {fish_quote(child.description)}\n"
    for choice in choices(command):
        yield f"{start} -f -a {choice}\n"
    for option in command.options:
        names = "".join(f" -l {one[2:]}" if one.startswith("--") else f" -s {one[1:]}" for one in option.names)
        value = ""
        if option.value:
            value = " -r -F" if option.takes_file() else " -x"
            if option.choices():
                value += " -a " + fish_quote(" ".join(option.choices()))
        yield f"{start}{names}{value} -d {fish_quote(option.description)}\n"
    if not files(command):
        yield f"{start} -f\n"


def fish(name, tree):
    return NOTE.format(name) + "".join(line for node in help_tree.every(tree) for line in fish_node(name, tree, node))


def main(nutgraf, nutgrafd, folder):
    for name, program in (("nutgraf", nutgraf), ("nutgrafd", nutgrafd)):
        tree = help_tree.read(program)
        for shell, file, text in (("bash", name, bash(name, tree)), ("zsh", "_" + name, zsh(name, tree)),
                                  ("fish", name + ".fish", fish(name, tree))):
            path = pathlib.Path(folder) / shell / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
