#!/usr/bin/env python3
"""Holds docs/monitoring to the daemon: every metric, label and value that the dashboard and the alerts name is one
that daemon/service/metrics.cc renders, and the dashboard shows every metric. Where there is promtool, the alerts
are also tried on invented figures (tests/monitoring_alerts.yml)."""
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MONITORING = ROOT / "docs" / "monitoring"
# What Prometheus adds to whatever it scrapes.
OWN_METRICS = {"up"}
OWN_LABELS = {"job", "instance"}
OPERATORS = {"and", "or", "unless", "bool"}
GROUPED = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
SELECTED = re.compile(r"(\w+)\{([^}]*)\}")


def rendered():
    """{metric: {label: {value}}}"""
    code = (ROOT / "daemon" / "service" / "metrics.cc").read_text()
    metrics = {}
    for name, label, value in re.findall(
            r'Row(?: \w+)?\{"(\w+)",[^\n]*?k(?:Counter|Gauge), (?:"(\w+)"|nullptr), (?:"(\w+)"|nullptr)', code):
        labels = metrics.setdefault(name, {})
        if label:
            labels.setdefault(label, set()).add(value)
    # Families with two labels, of arrays and of histograms are not in the table.
    words = {name: set(re.findall(r'"(\w+)"', re.search(rf"{name} = \{{([^}}]*)\}}", code)[1]))
             for name in ("kSyncOps", "kSyncOutcomes", "kFetchStatus")}
    metrics["nutgraf_sync_requests_total"] = {"op": words["kSyncOps"], "outcome": words["kSyncOutcomes"]}
    metrics["nutgraf_fetches_total"] = {"status": words["kFetchStatus"]}
    spans = set(re.findall(r'histogram\(metrics\.\w+, "(\w+)"\)', code))
    for part, labels in (("sum", {}), ("count", {}), ("bucket", {"le": set()})):
        metrics[f"nutgraf_latency_seconds_{part}"] = {"from": spans, **labels}
    for name in re.findall(r'gauge\("(\w+)"', code):
        metrics[name] = {"version": set()} if name == "nutgraf_build_info" else {}
    return metrics


def wrong_labels(metric, selector, labels):
    for label, operator, value in re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', selector):
        if label in OWN_LABELS:
            continue
        if label not in labels:
            yield f"{metric} has no label {label}"
        else:
            values = value.split("|") if "~" in operator else [value]
            yield from (f"{metric} has no {label}={one}" for one in values if one not in labels[label])


def problems_of(expression, metrics):
    """What an expression names that is not there. Strings, ranges, labels to group by and selectors are taken out
    one after another; of what is left, a word is a function if a parenthesis follows, else a metric."""
    known = set().union(*metrics.values()) | OWN_LABELS
    for group in GROUPED.findall(expression):
        yield from (f"no label {label}" for label in re.findall(r"\w+", group) if label not in known)
    rest = GROUPED.sub(" ", expression)
    for name, selector in SELECTED.findall(rest):
        if name not in OWN_METRICS:
            yield from wrong_labels(name, selector, metrics.get(name, {}))
    rest = re.sub(r"\[[^\]]*\]", " ", SELECTED.sub(r" \1 ", rest))
    for name in re.findall(r"\b[a-zA-Z_]\w*\b(?!\s*\()", rest):
        if name not in metrics and name not in OWN_METRICS | OPERATORS:
            yield f"no metric {name}"


def alert_expressions():
    """Of the file's own layout: `expr: X`, or `expr: >-` and deeper lines."""
    lines = (MONITORING / "alerts.yml").read_text().splitlines()
    for number, line in enumerate(lines):
        found = re.match(r"(\s*)expr: (.*)", line)
        if not found:
            continue
        indent, text = len(found[1]), found[2]
        if text == ">-":
            more = []
            for follower in lines[number + 1:]:
                if len(follower) - len(follower.lstrip()) <= indent:
                    break
                more.append(follower.strip())
            text = " ".join(more)
        yield text


def dashboard_expressions():
    board = json.loads((MONITORING / "grafana.json").read_text())
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield re.match(r"label_values\((\w+),", variable["query"])[1]


def self_test(metrics):
    """The test can fail."""
    assert list(problems_of('rate(nutgraf_poll_total[5m]) > 0', metrics)) == ["no metric nutgraf_poll_total"]
    assert list(problems_of('nutgraf_feeds{state="ill"} > 0', metrics)) == ["nutgraf_feeds has no state=ill"]
    assert list(problems_of('nutgraf_feeds{health=~"ok"}', metrics)) == ["nutgraf_feeds has no label health"]
    assert list(problems_of('sum by (states) (nutgraf_feeds)', metrics)) == ["no label states"]
    assert not list(problems_of('time() - nutgraf_log_head > 3 and up{job="x"} == 0', metrics))


def main():
    metrics = rendered()
    self_test(metrics)
    alerts, board = list(alert_expressions()), list(dashboard_expressions())
    if len(alerts) < 10 or len(board) < 10 or len(metrics) < 20:
        print(f"too little was found: {len(alerts)} alerts, {len(board)} panels, {len(metrics)} metrics")
        return 1
    problems = [f"alerts.yml: {problem}: {text}" for text in alerts for problem in problems_of(text, metrics)]
    problems += [f"grafana.json: {problem}: {text}" for text in board for problem in problems_of(text, metrics)]
    # A figure that nobody sees is a figure that nobody needs.
    problems += [f"grafana.json does not show {name}" for name in metrics
                 if not any(re.search(rf"\b{name}\b", text) for text in board)]
    for problem in problems:
        print(problem)
    promtool = shutil.which("promtool")
    if not promtool:
        print("the alerts were not tried on figures: no promtool (Debian package prometheus)")
    elif subprocess.run([promtool, "test", "rules", str(ROOT / "tests" / "monitoring_alerts.yml")], check=False).returncode:
        problems.append("alerts.yml")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
