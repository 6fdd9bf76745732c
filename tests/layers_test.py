#!/usr/bin/env python3
"""Holds the folders to their layers: reads every #include of daemon/ and summarizer/ and fails on an edge
that is not in the tables below, and on what this code base does without. [docs/architecture.md]"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

STAGES = {"poll", "fetch", "feed", "article", "dedup", "event", "store", "wire", "client", "service"}
BELOW = {"base", "model"}

# Folder -> folders whose headers it may include, besides its own.
ALLOWED = {
    "base": set(),
    "model": {"base"},
    **{stage: set(BELOW) for stage in STAGES},
    "pipeline": {"poll", "fetch", "feed", "article", "dedup", "event", "store", "wire", "summarizer"} | BELOW,
    # Two threads that meet in the store, the queues and the mailbox, and nowhere else.
    "fetcher": {"pipeline", "poll", "fetch", "store", "service"} | BELOW,
    "desk": {"pipeline", "poll", "article", "dedup", "event", "store", "wire", "service"} | BELOW,
    "app": STAGES | BELOW | {"summarizer", "config", "pipeline", "fetcher", "desk"},
    "main": STAGES | BELOW | {"summarizer", "config", "pipeline", "app"},
    "config": set(BELOW),
    "summarizer": set(),
}
for analysing in ("article", "dedup", "event"):
    ALLOWED[analysing].add("summarizer")

# Single headers that may be included although their folder may not.
EXCEPTIONS = {
    ("poll", "daemon/fetch/http_client.h"),
    ("config", "daemon/feed/rules.h"),
    ("config", "daemon/article/page_selector.h"),
    *(("config", f"daemon/{stage}/options.h") for stage in STAGES),
}

# Third-party header -> the files that may include it: an adapter, or a folder where a library is the
# folder's business.
LIBRARIES = {
    r"curl/": ["daemon/fetch/"],
    r"openssl/": ["daemon/fetch/tls_context.cc"],
    r"sqlite3\.h": ["daemon/store/"],
    r"zmq\.(hpp|h)": ["daemon/wire/", "daemon/client/"],
    r"pugixml\.hpp": ["daemon/feed/"],
    r"libxml/": ["daemon/article/"],
    r"httplib\.h": [],  # A client for tests.
    r"systemd/": ["daemon/service/systemd.cc", "daemon/service/journal.cc"],
    r"prometheus/": ["daemon/service/metrics.cc"],
    r"toml\+\+/": ["daemon/config/document.cc"],
    r"CLI/": ["daemon/main/"],
    r"xxhash\.h": ["daemon/base/hash.cc", "summarizer/"],
    r"spdlog/": ["daemon/service/logging.cc", "daemon/app/", "daemon/desk/", "daemon/fetcher/",
                 "daemon/pipeline/", "daemon/main/",
                 "daemon/poll/poller.cc"],
    r"unicode/": ["daemon/base/", "daemon/feed/", "daemon/dedup/", "daemon/event/", "daemon/article/",
                  "summarizer/"],
    r"nlohmann/": ["daemon/model/", "daemon/feed/", "daemon/article/", "daemon/wire/", "daemon/client/",
                   "daemon/store/", "daemon/dedup/", "daemon/event/", "daemon/app/", "daemon/main/",
                   "summarizer/data/"],
    r"(libstemmer|cld2)": ["summarizer/"],
}
# Too heavy for a header: every file that includes it would pay.
NOT_IN_HEADERS = [r"toml\+\+/", r"nlohmann/json\.hpp", r"httplib\.h", r"CLI/", r"spdlog/", r"libxml/",
                  r"pugixml\.hpp", r"unicode/", r"curl/", r"sqlite3\.h", r"prometheus/"]

# What the code does without -> the files whose library leaves no choice.
BANNED = {
    # Every object has one owner, who is named where it is built.
    r"(shared_ptr|make_shared)\b": ["daemon/service/logging.cc"],
    # A thread that nobody joins outlives what it uses.
    r"\.detach\(\)": [],
    # libstdc++'s recurses once a character: a long line from outside overflows the stack.
    r"std::w?regex\b": [],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def folder_of(path):
    parts = path.split("/")
    if parts[0] == "summarizer":
        return "summarizer"
    return parts[1] if parts[0] == "daemon" and len(parts) > 2 else None


def code_of(text):
    """Without the comments, which may name what is banned."""
    return re.sub(r"//[^\n]*", "", text)


def problems_of(path, text):
    for pattern, places in BANNED.items():
        found = re.search(pattern, code_of(text))
        if found and path not in places:
            yield f"{path}: {found.group()} is not used here"
    own = folder_of(path)
    if own not in ALLOWED:
        yield f"{path}: folder {own} has no place in the layers"
        return
    for bracket, header in INCLUDE.findall(text):
        if bracket == '"':
            target = folder_of(header)
            if target is None and header.endswith(".inc") and "/" not in header:
                continue  # A table that the build makes from a data file.
            if target is None:
                yield f"{path}: \"{header}\" is not a path from the project's root"
            elif target != own and target not in ALLOWED[own] and (own, header) not in EXCEPTIONS:
                yield f"{path}: {own} may not include {header}"
            continue
        for pattern, places in LIBRARIES.items():
            if re.match(pattern, header) and not any(path.startswith(place) for place in places):
                yield f"{path}: <{header}> belongs in {', '.join(places)}"
        # The tool's own headers are read by its subcommands only.
        light = path.endswith(".h") and not path.startswith("daemon/main/")
        if light and any(re.match(pattern, header) for pattern in NOT_IN_HEADERS):
            yield f"{path}: <{header}> is too heavy for a header"


def self_test():
    """A checker that finds nothing is worth nothing."""
    assert list(problems_of("daemon/feed/rss.cc", '#include "daemon/store/ledger.h"\n'))
    assert list(problems_of("daemon/base/url.cc", '#include "daemon/model/item.h"\n'))
    assert list(problems_of("summarizer/rank.cc", '#include "daemon/base/hash.h"\n'))
    assert list(problems_of("daemon/app/app.cc", "#include <curl/curl.h>\n"))
    assert list(problems_of("daemon/feed/rss.h", "#include <pugixml.hpp>\n"))
    assert list(problems_of("daemon/poll/poller.h", '#include "daemon/fetch/curl_client.h"\n'))
    assert list(problems_of("daemon/fetcher/fetcher.cc", '#include "daemon/desk/desk.h"\n'))
    assert list(problems_of("daemon/nowhere/x.cc", ""))
    assert list(problems_of("daemon/app/app.cc", "auto app = std::make_shared<App>();\n"))
    assert list(problems_of("daemon/poll/poller.h", "std::shared_ptr<Poller> poller;\n"))
    assert list(problems_of("daemon/app/app.cc", "std::thread(run).detach();\n"))
    assert list(problems_of("summarizer/words.cc", 'const std::regex word("[a-z]+");\n'))
    assert not list(problems_of("summarizer/words.cc", "// Not std::regex: it recurses.\n"))
    assert not list(problems_of("daemon/poll/poller.h", '#include "daemon/fetch/http_client.h"\n'))
    assert not list(problems_of("daemon/feed/rss.cc", '#include "daemon/base/url.h"\n#include <pugixml.hpp>\n'))


def main():
    self_test()
    found = []
    checked = 0
    for top in ("daemon", "summarizer"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix in (".h", ".cc", ".inc"):
                checked += 1
                found += problems_of(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    for problem in found:
        print(problem)
    print(f"{checked} files, {len(found)} problems")
    return 1 if found or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
