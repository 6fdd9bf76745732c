#!/usr/bin/env python3
"""Are the tests able to fail? Puts one small error at a time into a source file, builds a test program, runs it, and lists the
errors that it let pass.

  tests/mutants.py --build build/dev --source daemon/store/sqlite_log.cc --target store_test

  --source FILE     what to put errors into; may be repeated
  --target PROGRAM  the test program, as the build names it; may be repeated: an error that one finds is found
  --sample N        so many of each file's, drawn by --seed; all of them without it
  --strings         in string literals (SQL) and nowhere else
  --lines A-B       only in these lines
  --kind REGEX      only of these kinds
  --only ID         only this one (an ID is FILE:LINE:COLUMN:KIND and is printed)
  --jobs N          compilers at once; all cores without it
  --shards N        parts of the test program that run beside each other; 4
  --list            print them and build nothing
  --log FILE        append a line of JSON for each

The file is changed in place and put back at the end, also at an interrupt: use a tree where nobody edits meanwhile, and a
build without NUTGRAF_WERROR, where less that is wrong compiles. Each line says what became of a mutant: `killed` by a test that
failed or hung, `survived`, or `unbuilt`. Exit status 1 if one survived, 2 if the tests fail without any.
"""
import argparse
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# What stands between the operators of an expression as clang-format writes it; template brackets have no blanks around them.
OPERATORS = {" < ": [" <= ", " > "], " <= ": [" < "], " > ": [" >= ", " < "], " >= ": [" > "],
             " == ": [" != "], " != ": [" == "], " && ": [" || "], " || ": [" && "],
             " + ": [" - "], " - ": [" + "], " * ": [" + "], " / ": [" * "], " % ": [" / "],
             " += ": [" -= "], " -= ": [" += "], " |= ": [" = "], " ? ": [" && false ? ", " || true ? "]}
WORDS = {"true": ["false"], "false": ["true"], "std::min": ["std::max"], "std::max": ["std::min"],
         "any_of": ["all_of"], "all_of": ["any_of"], "none_of": ["any_of"],
         "lower_bound": ["upper_bound"], "upper_bound": ["lower_bound"]}
SQL = {" < ": [" <= "], " <= ": [" < "], " > ": [" >= "], " >= ": [" > "], " = ": [" <> "], " <> ": [" = "],
       " AND ": [" OR "], " OR ": [" AND "], " + ": [" - "], " - ": [" + "], "excluded.": [""], " DESC": [" ASC"],
       "min(": ["max("], "max(": ["min("], "EXISTS(": ["NOT EXISTS("]}
LITERAL = re.compile(r'R"(?P<tag>\w*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/'
                     r'|^[ \t]*#[^\n]*', re.S | re.M)
STATEMENT = re.compile(r"[ \t]*(?!(?:return|using|case|default|throw|goto|static|const|constexpr|auto|struct|class|enum|if|for"
                       r"|while|do|switch|else|public|private|namespace|template|co_\w+)\b)"
                       r"(?:(?:break|continue);|(?:\+\+|--|\*)?[\w:]+(?:[.(\[]|->|\+\+|--| (?:[-+|&*/^]|<<|>>)?= ))")


@dataclass(frozen=True)
class Mutant:
    at: int
    end: int
    text: str
    kind: str


def blank(text, keep_strings):
    """The text with comments, directives, and either the literals or all else as blanks: offsets stay."""
    def cover(part):
        return re.sub(r"[^\n]", " ", part)
    out, last = [], 0
    for match in LITERAL.finditer(text):
        code, literal = text[last:match.start()], match[0]
        if keep_strings:
            out += [cover(code), literal if literal.startswith(('"', 'R"')) else cover(literal)]
        else:
            is_text = literal[0] in "\"'R"
            out += [code, literal[0] + "_" * (len(literal) - 2) + literal[-1] if is_text and "\n" not in literal
                    else cover(literal)]
        last = match.end()
    return "".join(out) + (cover(text[last:]) if keep_strings else text[last:])


def closing(code, at):
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0:
            return i
    raise ValueError(f"no end to the bracket at {at}")


def swaps(code, table):
    for old, news in table.items():
        pattern = rf"(?<![\w:]){re.escape(old)}(?!\w)" if old[0].isalpha() else re.escape(old)
        for match in re.finditer(pattern, code):
            for new in news:
                yield Mutant(match.start(), match.end(), new, f"{old.strip()}->{new.strip()}")


def conditions(code):
    for match in re.finditer(r"\b(if|while) (?:constexpr )?\(", code):
        if match[0].startswith("if constexpr"):
            continue
        end = closing(code, match.end() - 1)
        start = max(match.end(), 1 + code.rfind(";", match.end(), end))
        if re.search(r"\w[&*]? \w+ = ", code[start:end]) or "{" in code[start:end]:
            continue
        for value in ("false", "true") if match[1] == "if" else ("false",):
            yield Mutant(start, end, f" {value}", f"{match[1]}({value})")


def bodies(code):
    for match in re.finditer(r"\bfor \(", code):
        end = closing(code, match.end() - 1) + 1
        yield Mutant(end, end, " if (false)", "skip loop")


def statements(code):
    """Statements that are nothing but a call or an assignment."""
    for match in re.finditer(r"(?:(?<=[{};])|(?<=\))|(?<=else))[ \t]*\n(?=[ \t]*\S)|(?<=\)) (?=[\w+*-])|(?<=else) ", code):
        start = STATEMENT.match(code, match.end())
        if not start:
            continue
        i = match.end()
        while i < len(code) and code[i] not in ";}":
            i = closing(code, i) + 1 if code[i] in "([{" else i + 1
        if i < len(code) and code[i] == ";":
            yield Mutant(match.end() + len(start[0]) - len(start[0].lstrip()), i, "", "delete")


def returns(code):
    for match in re.finditer(r"\breturn (?!(?:\{\}|true|false|fail\b|std::nullopt))", code):
        i = match.end()
        while code[i] != ";":
            i = closing(code, i) + 1 if code[i] in "([{" else i + 1
        yield Mutant(match.end(), i, "{}", "return {}")


def numbers(code):
    """Constants and operands. Not arguments: columns by number are many, and each is told from its neighbours by its type."""
    for match in re.finditer(r"(?<=[-+*/%<>=] )(\d+)(?=(?:s|ms|h|min|U|u|UL)?\b)(?![.'xX]\d?)", code):
        yield Mutant(match.start(1), match.end(1), str(int(match[1]) + 1), "number + 1")


def negations(code):
    for match in re.finditer(r"(?<=[ (])!(?=[\w(*])", code):
        yield Mutant(match.start(), match.end(), "", "drop !")
    for match in re.finditer(r"(?<!\w)(\+\+|--)(?=\w)|(?<=\w)(\+\+|--)(?!\w)", code):
        yield Mutant(match.start(), match.end(), "--" if match[0] == "++" else "++", f"{match[0]} turned")


def arguments(code):
    for match in re.finditer(r"(?<!max\()(?<!min\()(?<=\w\()([\w.>-]+), ([\w.>-]+)(?=\))", code):
        yield Mutant(match.start(), match.end(), f"{match[2]}, {match[1]}", "swap arguments")


def mutants_of(text, strings):
    if strings:
        code = blank(text, True)
        found = [*swaps(code, SQL), *numbers(code)]
    else:
        code = blank(text, False)
        found = [*swaps(code, OPERATORS), *swaps(code, WORDS), *conditions(code), *bodies(code), *statements(code),
                 *returns(code), *numbers(code), *negations(code), *arguments(code)]
    return sorted({m for m in found if text[m.at:m.end] != m.text}, key=lambda m: (m.at, m.end, m.text))


def limits():
    """A mutant may write or ask for memory without end."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    os.setsid()


def run_tests(program, seconds, shards):
    """The first line that tells of a failure, or None. The shards run beside each other: most tests wait."""
    until = time.monotonic() + seconds
    with tempfile.TemporaryFile("w+", errors="replace") as out:
        running = [subprocess.Popen([program, "--gtest_brief=1"], stdout=out, stderr=out, preexec_fn=limits,
                                    env={**os.environ, "GTEST_FAIL_FAST": "1", "GTEST_TOTAL_SHARDS": str(shards),
                                         "GTEST_SHARD_INDEX": str(i)}) for i in range(shards)]
        verdict = None
        try:
            while verdict is None and any(each.poll() is None for each in running):
                time.sleep(0.02)
                if any(each.returncode for each in running):
                    break
                if time.monotonic() > until:
                    verdict = "hangs"
        finally:
            for each in running:
                if each.poll() is None:
                    os.killpg(each.pid, signal.SIGKILL)
                    each.wait()
        if verdict or not any(each.returncode for each in running):
            return verdict
        out.seek(0)
        failed = re.search(r"\[  FAILED  \] ([\w./]+)", out.read())
        return failed[1] if failed else f"status {max((each.returncode for each in running), key=abs)}"


def build(folder, target, jobs):
    command = ["cmake", "--build", folder, f"-j{jobs}", "--target", target]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as made:
        try:
            return made.wait() == 0
        except BaseException:
            # Or what it makes of the mutant would be newer than the source that is put back.
            os.killpg(made.pid, signal.SIGTERM)
            raise


def program_of(folder, target):
    return next(p for p in Path(folder).rglob(target) if p.is_file() and os.access(p, os.X_OK))


class Trial:
    def __init__(self, args):
        self.args = args
        self.seconds = {}

    def sound(self):
        """Without a mutant the tests pass; how long they took bounds how long one may hang."""
        for target in self.args.target:
            if not build(self.args.build, target, self.args.jobs):
                return False
            begin = time.monotonic()
            if run_tests(program_of(self.args.build, target), 1200, self.args.shards):
                return False
            self.seconds[target] = 15 + 4 * (time.monotonic() - begin)
        return True

    def judge(self):
        for target in self.args.target:
            if not build(self.args.build, target, self.args.jobs):
                return "unbuilt", ""
            failed = run_tests(program_of(self.args.build, target), self.seconds[target], self.args.shards)
            if failed:
                return "killed", failed
        return "survived", ""


def chosen(args, source, text):
    found = mutants_of(text, args.strings)

    def line(m):
        return 1 + text.count("\n", 0, m.at)

    def name(m):
        return f"{source}:{line(m)}:{m.at - text.rfind(chr(10), 0, m.at)}:{m.kind}"
    if args.lines:
        first, last = map(int, args.lines.split("-"))
        found = [m for m in found if first <= line(m) <= last]
    named = [(name(m), m) for m in found if re.search(args.kind, m.kind) and (not args.only or name(m) in args.only)]
    if args.sample and args.sample < len(named):
        named = sorted(random.Random(f"{args.seed} {source}").sample(named, args.sample), key=lambda each: each[1].at)
    return named


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--build", required=True)
    for flag in ("--source", "--target", "--only"):
        parser.add_argument(flag, action="append", default=[])
    for flag, default in (("--sample", 0), ("--seed", 1), ("--jobs", os.cpu_count()), ("--shards", 4)):
        parser.add_argument(flag, type=int, default=default)
    for flag in ("--strings", "--list"):
        parser.add_argument(flag, action="store_true")
    for flag, default in (("--lines", ""), ("--kind", ""), ("--log", "")):
        parser.add_argument(flag, default=default)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    trial = Trial(args)
    if not args.list and not trial.sound():
        print("the tests fail as they are", file=sys.stderr)
        return 2
    tally = {"killed": 0, "survived": 0, "unbuilt": 0}
    for source in args.source:
        path = Path(source)
        text = path.read_text()
        for name, mutant in chosen(args, source, text):
            shown = f"{text[mutant.at:mutant.end]!r:.60} -> {mutant.text!r}"
            if args.list:
                print(name, shown)
                continue
            try:
                path.write_text(text[:mutant.at] + mutant.text + text[mutant.end:])
                outcome, by = trial.judge()
            finally:
                path.write_text(text)
            tally[outcome] += 1
            print(f"{outcome:8} {name}  {shown}  {by}", flush=True)
            if args.log:
                with open(args.log, "a") as log:
                    log.write(json.dumps({"id": name, "change": shown, "outcome": outcome, "by": by}) + "\n")
    if not args.list:
        print(tally)
    return int(tally["survived"] > 0)


if __name__ == "__main__":
    sys.exit(main())
