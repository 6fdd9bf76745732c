#!/usr/bin/env python3
"""The filters at the ends of a pipe: nothing comes, what comes is no JSON, nobody reads, nothing can be written.

  filters_test.py NUTGRAF"""
import json
import os
import pty
import resource
import subprocess
import sys
import tempfile
import unittest

TOOL = sys.argv.pop(1)
SANITIZED = "/asan/" in TOOL or "/tsan/" in TOOL  # Their shadows take terabytes of addresses.

WITH_TEXT = ["clean", "sentences", "summarize"]
OF_FILES = ["parse", "extract"]
IN_ORDER = ["dedup", "events"]
STORY = {"id": "a", "title": "A title", "text": "Mr. Smith left. He was 40 years old."}


def run(*arguments, given=b"", out=subprocess.PIPE, memory=0):
    def bound():
        if memory and not SANITIZED:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    return subprocess.run([TOOL, *arguments], input=given, stdout=out, stderr=subprocess.PIPE, timeout=300, check=False, preexec_fn=bound)


def lines(*objects):
    return b"".join(json.dumps(o).encode() + b"\n" for o in objects)


class Filters(unittest.TestCase):
    def test_of_nothing_comes_nothing(self):
        for command in WITH_TEXT + OF_FILES + IN_ORDER:
            with self.subTest(command):
                done = run(command, "--jsonl")
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_a_line_that_is_no_object_is_an_error_and_the_run_goes_on(self):
        given = b"abc\0def\n{\n[]\n5\n" + lines(STORY)
        for command in WITH_TEXT + IN_ORDER:
            with self.subTest(command):
                done = run(command, "--jsonl", given=given)
                answers = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual((done.returncode, len(answers)), (1, 5))
                for answer in answers[:4]:
                    self.assertNotIn("json.exception", answer["error"])
                self.assertNotIn("error", answers[4])

    def test_the_line_of_the_input_is_named_and_how_many_failed_is_said(self):
        given = lines(STORY) + b"\n" + lines(STORY) + b"{\n" + lines(STORY)
        for command in WITH_TEXT + IN_ORDER:
            with self.subTest(command):
                done = run(command, "--jsonl", given=given)
                answers = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertIn("parse error at line 4, column 2", answers[2]["error"])
                self.assertEqual(done.stderr.decode(), f"nutgraf: {command}: 1 of 4 failed, first line 3 of the output\n")

    def test_a_text_of_any_encoding_is_read_as_text(self):
        for given in ("\ufeffDas Caf\u00e9 schlie\u00dft. Es regnet.".encode(), "\ufeffDas Caf\u00e9 schlie\u00dft. Es regnet.".encode("utf-16-le"),
                      "\ufeffDas Caf\u00e9 schlie\u00dft. Es regnet.".encode("utf-16-be"), "Das Caf\u00e9 schlie\u00dft. Es regnet.".encode("latin-1")):
            with self.subTest(given):
                self.assertEqual(run("sentences", given=given).stdout.decode(), "Das Caf\u00e9 schlie\u00dft.\nEs regnet.\n")
        mixed = "Das Caf\u00e9 schlie\u00dft".encode() + b" um \xbd vier."
        self.assertEqual(run("sentences", given=mixed).stdout.decode(), "Das Caf\u00e9 schlie\u00dft um \ufffd vier.\n")

    def test_a_zero_byte_ends_no_text(self):
        for command in WITH_TEXT + ["explain"]:
            with self.subTest(command):
                done = run(command, given=b"A dam\0 burst near Hask on Friday night.")
                self.assertIn("A dam\ufffd burst near Hask", done.stdout.decode())
                self.assertNotIn(b"\0", done.stdout)

    def test_a_file_of_nothing_but_zero_bytes_is_read_in_one_pass(self):
        done = run("sentences", given=b"\0" * 6_000_000)  # A pass for each does not end in run()'s time.
        self.assertTrue(done.stdout.decode() == "\ufffd" * 6_000_000 + "\n")

    def test_stories_without_a_name_are_told_apart_by_their_text(self):
        given = lines({"id": "1", "text": "The dam above Hask burst on Friday night."},
                      {"id": "2", "text": "A bakery in Villebrune bakes its bread in the sun."},
                      {"id": "3", "text": "The dam above Hask burst on Friday night."})
        answers = [json.loads(line) for line in run("dedup", "--jsonl", given=given).stdout.splitlines()]
        self.assertEqual([answer["verdict"] for answer in answers], ["new", "new", "duplicate"])
        self.assertEqual(answers[2]["of"], "1")

    def test_an_id_that_is_a_number_comes_back_as_one(self):
        for command in WITH_TEXT + IN_ORDER:
            with self.subTest(command):
                given = lines({**STORY, "id": 7}, {**STORY, "id": "7"}, {**STORY, "id": "\u00017"})
                answers = [json.loads(line) for line in run(command, "--jsonl", given=given).stdout.splitlines()]
                self.assertEqual([answer["id"] for answer in answers], [7, "7", "\u00017"])
                if command == "dedup":
                    self.assertEqual([answer.get("of") for answer in answers], [None, 7, "7"])

    def test_a_line_that_is_too_long_is_an_error_and_the_run_goes_on(self):
        for end in b"\n", b"":  # The last line may have no newline.
            given = lines(STORY) + b'{"id":"long","text":"' + b"word. " * 12_000_000 + b'"}\n' + lines(STORY)
            given = given if end else given[:given.rindex(b"\n", 0, -1)]
            with self.subTest(end):
                done = run("sentences", "--jsonl", given=given)
                answers = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual([answer.get("error") for answer in answers],
                                 [None, "line 2 is longer than 64 MiB"] + [None] * len(end))
                said = f"nutgraf: sentences: 1 of {2 + len(end)} failed, first line 2 of the output\n"
                self.assertEqual((done.returncode, done.stderr.decode()), (1, said))

    def test_progress_tells_the_time_left_of_a_file_and_the_time_taken_of_a_pipe(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(lines({**STORY, "text": "Mr. Smith left the house. He was 40 years old. " * 300}) * 1500)
            file.flush()
            for name, wanted in (file.name, rb"sentences: \d+ done, \d+ a second, \d+ s left"), ("-", rb"\d+ a second, \d+ s\W"):
                with self.subTest(name):
                    watched, terminal = pty.openpty()
                    cat = subprocess.Popen(["cat", file.name], stdout=subprocess.PIPE)
                    subprocess.run([TOOL, "sentences", "--jsonl", "--jobs", "1", name], stdin=cat.stdout,
                                   stdout=subprocess.DEVNULL, stderr=terminal, timeout=300, check=False)
                    cat.stdout.close()
                    cat.wait()
                    os.close(terminal)
                    self.assertRegex(os.read(watched, 4096), wanted)
                    os.close(watched)

    def test_a_feed_has_no_power_over_the_terminal(self):
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "a\x9b31mb", "items": [
            {"id": "1", "title": "c\x9b2Jd", "content_text": "e\u202ef \x9b0m", "url": "https://a.example/"}]}
        done = run("parse", given=json.dumps(feed).encode())
        self.assertEqual(done.returncode, 0)
        self.assertNotRegex(done.stdout.decode(), "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")

    def test_a_line_needs_its_file(self):
        for command in OF_FILES:
            with self.subTest(command):
                done = run(command, "--jsonl", given=lines({"id": "a"}, {"file": "-"}))
                first, second = (json.loads(line) for line in done.stdout.splitlines())
                self.assertEqual(first, {"error": "file is missing", "id": "a"})
                self.assertEqual(second["error"], 'file is "-": the lines come from there')
                said = f"nutgraf: {command}: 2 of 2 failed, first line 1 of the output\n"
                self.assertEqual((done.returncode, done.stderr.decode()), (1, said))

    def test_what_cannot_be_read_is_named_with_the_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            for path, reason in (folder + "/none", "No such file or directory"), (folder, "Is a directory"):
                for command in WITH_TEXT + OF_FILES + IN_ORDER + ["explain"]:
                    with self.subTest(f"{command} {path}"):
                        done = run(command, path)
                        self.assertEqual((done.returncode, done.stdout), (66, b""))
                        self.assertEqual(done.stderr.decode(), f"nutgraf: cannot read {path}: {reason}\n")

    def test_what_has_no_end_is_refused_soon(self):
        for command in WITH_TEXT + OF_FILES + ["explain", "opml import"]:
            with self.subTest(command):
                done = run(*command.split(), "/dev/zero", memory=1 << 30)
                self.assertEqual((done.returncode, done.stdout), (66, b""))
                self.assertEqual(done.stderr.decode(), "nutgraf: cannot read /dev/zero: it is larger than 64 MiB\n")
        for command in WITH_TEXT + OF_FILES + IN_ORDER:
            with self.subTest(command + " --jsonl"):
                done = run(command, "--jsonl", "/dev/zero", memory=1 << 30)
                self.assertEqual((done.returncode, done.stdout), (66, b""))
                self.assertEqual(done.stderr.decode(), "nutgraf: cannot read /dev/zero: line 1 is longer than 64 MiB\n")

    def test_a_file_of_a_line_has_an_end_too(self):
        for command in OF_FILES:
            with self.subTest(command):
                done = run(command, "--jsonl", given=lines({"file": "/dev/zero"}), memory=1 << 30)
                self.assertEqual(done.returncode, 1)
                self.assertIn("larger than 64 MiB", json.loads(done.stdout)["error"])

    def test_lines_of_any_length_are_whole(self):
        texts = ["x" * size for size in (1, 65534, 65535, 65536, 131070, 300000)]
        given = lines(*({"id": str(len(t)), "text": t} for t in texts))
        given += b'{"id":"nul","text":"a\0b"}\n{"id":"last","text":"The end."}'
        answers = [json.loads(line) for line in run("clean", "--jsonl", given=given).stdout.splitlines()]
        self.assertEqual([a.get("text") for a in answers[:len(texts)]], texts)
        self.assertIn("error", answers[-2])
        self.assertEqual((len(answers), answers[-1]["text"]), (len(texts) + 2, "The end."))

    def test_what_is_no_file_is_no_key_store_or_cursor(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = folder + "/pipe"
            os.mkfifo(pipe)
            for path in "/dev/zero", pipe:
                for line in f"verify {path}", f"backup {folder}/copy --store {path}":
                    with self.subTest(line):
                        done = run(*line.split(), memory=1 << 30)
                        self.assertEqual((done.returncode, done.stdout), (66, b""))
                        self.assertIn(f"{path}: not a regular file", done.stderr.decode())
            for line in "keygen --public /dev/zero", "tail --server-key /dev/zero --key /dev/zero", "tail --cursor /dev/zero":
                with self.subTest(line):
                    done = run(*line.split(), memory=1 << 30)
                    self.assertIn("it is larger than 4 KiB", done.stderr.decode())

    def test_a_folder_as_standard_input_is_said(self):
        for command in WITH_TEXT + OF_FILES + ["dedup"]:
            with self.subTest(command):
                folder = os.open("/tmp", os.O_RDONLY)
                done = subprocess.run([TOOL, command], stdin=folder, capture_output=True, timeout=300, check=False)
                os.close(folder)
                self.assertEqual((done.returncode, done.stderr), (66, b"nutgraf: cannot read -: Is a directory\n"))

    def test_a_full_disk_is_told(self):
        for line in "clean --jsonl", "sentences", "summarize", "dedup --jsonl", "--help", "--version":
            with self.subTest(line), open("/dev/full", "wb") as full:
                done = run(*line.split(), given=lines(STORY), out=full)
                self.assertEqual(done.returncode, 1)
                self.assertTrue(done.stderr.startswith(b"nutgraf: the output could not be written"), done.stderr)

    def test_a_reader_that_had_enough_is_no_fault(self):
        for jobs in "1", "4":
            with self.subTest(jobs), subprocess.Popen([TOOL, "clean", "--jsonl", "--jobs", jobs], stdin=subprocess.PIPE, bufsize=0,
                                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run_on:
                run_on.stdin.write(lines(STORY))
                self.assertIn(b"Smith", run_on.stdout.readline())
                run_on.stdout.close()
                try:
                    for _ in range(10000):
                        run_on.stdin.write(lines(STORY))
                    run_on.stdin.close()
                except BrokenPipeError:
                    pass
                self.assertEqual((run_on.wait(60), run_on.stderr.read()), (0, b""))


if __name__ == "__main__":
    unittest.main()
