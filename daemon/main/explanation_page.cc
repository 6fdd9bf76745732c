// The page of `nutgraf explain --html`.
#include <cstdio>

#include "daemon/base/html_escape.h"
#include "daemon/main/explanation.h"

namespace nutgraf::tool {
namespace {

using summarizer::Score;
using summarizer::Sentence;

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang=en><head><meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=color-scheme content="light dark">
<style>
:root { --bar:64px; --paper:#faf9f6; --card:#fff; --ink:#1d1f23; --soft:#6b6f76; --line:#e4e1da;
  --pick:#0b6e4f; --pickbg:#dff2e9; --lean:#b7791f; --bad:#b3261e; --arc:#4a6fa5; --node:#8d99ae; }
@media (prefers-color-scheme: dark) { :root { --paper:#15171a; --card:#1d2024; --ink:#e7e5e0;
  --soft:#9aa0a8; --line:#30343a; --pick:#5fd3a6; --pickbg:#17382c; --lean:#e0ac55; --bad:#f28b82;
  --arc:#7fa6e0; --node:#77808f; } }
* { box-sizing:border-box }
body { margin:0; background:var(--paper); color:var(--ink); font:16px/1.55 system-ui,sans-serif }
main { max-width:1180px; margin:0 auto; padding:28px 24px 64px }
header { display:flex; flex-wrap:wrap; gap:4px 18px; align-items:baseline; margin-bottom:18px }
h1 { font-size:20px; margin:0; font-weight:650 } h2 { font-size:13px; font-weight:600; margin:0 0 10px;
  font-family:system-ui,sans-serif; color:var(--soft); text-transform:uppercase; letter-spacing:.06em }
header span { color:var(--soft); font-size:14px }
section { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:18px 20px;
  margin:0 0 18px }
.summary p { font:19px/1.6 Georgia,"Times New Roman",serif; margin:0 0 .5em; max-width:46em; padding-left:31px; text-indent:-31px }
.summary p b { font:600 12px/1 system-ui; color:var(--card); background:var(--pick); border-radius:9px;
  padding:3px 7px; margin-right:9px; vertical-align:3px }
.tags { color:var(--soft); font-size:14px; margin-top:12px } .tags i { font-style:normal;
  border:1px solid var(--line); border-radius:6px; padding:1px 7px; margin:0 4px 4px 0; color:var(--ink);
  display:inline-block }
.scroll { overflow-x:auto } svg.graph { display:block; max-width:none; margin:0 auto }
.arc { fill:none; stroke:var(--arc); opacity:var(--like) }
.node circle { fill:var(--node); stroke:var(--card); stroke-width:2 }
.node text { fill:var(--soft); font-size:11px; text-anchor:middle }
.node { cursor:pointer; outline:none }
.picked circle { fill:var(--pick) } .picked text { fill:var(--pick); font-weight:700 }
.leaning circle { fill:var(--card); stroke:var(--lean); stroke-width:2.5 }
.bad circle { fill:var(--card); stroke:var(--bad); stroke-dasharray:3 2 }
.lit .arc { opacity:.05 } .lit .arc.on { opacity:.95 } .lit .node { opacity:.35 }
.lit .node.on, .lit .node.near { opacity:1 }
.legend { font-size:13px; color:var(--soft); margin:6px 0 0 } .legend b { font-weight:600 }
.two { display:grid; grid-template-columns:minmax(0,1fr) minmax(0,1fr); gap:18px; align-items:start }
/* The ranking is the longer one: the story stays beside it. */
@media (min-width:1001px) { .story { position:sticky; top:18px; max-height:calc(100vh - 36px); overflow:auto } }
@media (max-width:1000px) { .two { grid-template-columns:minmax(0,1fr); gap:0 } }
.story { font:16.5px/1.65 Georgia,"Times New Roman",serif } .story span { border-radius:3px; cursor:default }
.story p { margin:0 0 .7em } .story .picked { background:var(--pickbg); box-shadow:0 0 0 2px var(--pickbg) }
.story .leaning { text-decoration:underline dotted var(--lean) 1.5px; text-underline-offset:4px }
.story .bad { color:var(--soft) }
.story sup { font:600 10px system-ui; color:var(--soft); padding:0 2px 0 0 }
span.on, tr.on td { background:color-mix(in srgb, var(--arc) 22%, transparent) !important }
table { border-collapse:collapse; width:100%; font-size:14px } td, th { text-align:left; padding:7px 8px;
  border-top:1px solid var(--line); vertical-align:top } th { color:var(--soft); font-weight:600; border:0;
  font-size:12px }
td.n { font-variant-numeric:tabular-nums; white-space:nowrap; color:var(--soft) }
td b { color:var(--card); background:var(--pick); border-radius:9px; padding:1px 7px; font-size:12px }
.bar { width:calc(var(--share) * var(--bar)); height:5px; border-radius:3px; background:var(--node); margin-top:5px } tr.picked .bar { background:var(--pick) }
.why { color:var(--soft); font-size:12.5px; line-height:1.5; margin-top:3px } .why em { font-style:normal; margin-right:10px;
  white-space:nowrap } .why .never { color:var(--bad) } .why .lean { color:var(--lean) }
footer { color:var(--soft); font-size:13px }
@media (max-width:600px) {
  :root { --bar:40px } main { padding:16px 10px 40px } section { padding:14px 12px; margin-bottom:12px }
  .summary p { font-size:17.5px; line-height:1.5 } .legend { font-size:12.5px }
  table { font-size:13.5px } td, th { padding:7px 4px } th:nth-child(3), td:nth-child(3) { display:none }
}
@media print { body { background:none } section { break-inside:avoid } }
</style>
)html";

constexpr std::string_view kTail = R"html(<script>
const all = q => document.querySelectorAll(q);
function light(s) {
  document.body.classList.toggle('lit', s !== null);
  for (const e of all('.on,.near')) e.classList.remove('on', 'near');
  if (s === null) return;
  for (const e of all(`[data-s="${s}"]`)) e.classList.add('on');
  for (const e of all(`[data-a="${s}"],[data-b="${s}"]`)) {
    e.classList.add('on');
    for (const n of [e.dataset.a, e.dataset.b])
      document.querySelector(`.node[data-s="${n}"]`)?.classList.add('near');
  }
}
for (const e of all('[data-s]')) {
  e.addEventListener('pointerenter', () => light(e.dataset.s));
  e.addEventListener('pointerleave', () => light(null));
  e.addEventListener('focus', () => light(e.dataset.s));
  e.addEventListener('blur', () => light(null));
  e.addEventListener('click', () => {
    const to = e.closest('tr') ? '.story span' : 'tr';
    document.querySelector(`${to}[data-s="${e.dataset.s}"]`)?.scrollIntoView(
      {behavior: 'smooth', block: 'center'});
  });
}
</script></body></html>
)html";

std::string number(const char* pattern, double value) {
  char out[32];
  std::snprintf(out, sizeof out, pattern, value);
  return out;
}

const char* kind_of(const Explanation& e, std::size_t i) {
  const Sentence& s = e.analysis.sentences[i];
  return e.pick_of(i) > 0 ? "picked" : s.bad ? "bad" : s.leaning ? "leaning" : "plain";
}

std::string badge(int pick) { return pick > 0 ? "<b>" + std::to_string(pick) + "</b>" : ""; }

std::string header(const Explanation& e) {
  int words = 0;
  for (const Sentence& s : e.analysis.sentences) words += s.length;
  const std::string name = escape_html(e.name.empty() ? "stdin" : e.name);
  return "<title>" + name + " – why these sentences</title></head><body><main><header><h1>" + name +
         "</h1><span>" + std::to_string(e.scores.size()) + " sentences</span><span>" +
         std::to_string(words) + " words</span><span>language " + escape_html(e.analysis.language) +
         "</span></header>\n";
}

std::string tags(const char* label, const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string out = std::string("<div class=tags>") + label + " ";
  for (const std::string& w : words) out += "<i>" + escape_html(w) + "</i>";
  return out + "</div>";
}

std::string summary(const Explanation& e) {
  std::string out = "<section class=summary><h2>Summary</h2>";
  for (const auto& p : e.summary.sentences) {
    out += "<p data-s=" + std::to_string(p.position) + ">" + badge(p.rank + 1) +
           escape_html(p.text) + "</p>\n";
  }
  if (e.summary.sentences.empty()) out += "<p>The text has no sentences.</p>";
  return out + tags("Keywords", e.keywords) + tags("Names", e.entities) + "</section>\n";
}

std::string graph(const Explanation& e) {
  return "<section><h2>Who votes for whom</h2><div class=scroll>" + graph_svg(e) +
         "</div><p class=legend>Sentences from first to last, as large as their rank. An arc joins "
         "sentences that share telling words, the stronger the more. <b>Filled green</b>: picked. "
         "<b>Amber ring</b>: only with the sentence before it. <b>Dashed red</b>: never picked. "
         "Point at anything to see what it is tied to.</p></section>\n";
}

std::string story(const Explanation& e) {
  std::string out = "<section class=story><h2>The story</h2>";
  for (std::size_t i = 0; i < e.scores.size(); ++i) {
    if (e.begins_line(i)) out += "<p>";
    out += "<sup>" + std::to_string(i + 1) + "</sup><span class=" + kind_of(e, i) +
           " data-s=" + std::to_string(i) + ">" + escape_html(e.analysis.sentences[i].text) +
           "</span>\n";
  }
  return out + "</section>";
}

std::string why(const Explanation& e, std::size_t i) {
  const Sentence& s = e.analysis.sentences[i];
  std::string out = "<div class=why>";
  for (const std::string& reason : reasons(e, i)) {
    const char* css = reason.starts_with("never")               ? " class=never"
                      : s.leaning && reason.starts_with("only") ? " class=lean"
                                                                : "";
    out += std::string("<em") + css + ">" + escape_html(reason) + "</em> ";
  }
  return out + "</div>";
}

std::string row(const Explanation& e, std::size_t i) {
  const Score& f = e.scores[i];
  const std::string at = std::to_string(i);
  return "<tr class=" + std::string(kind_of(e, i)) + " data-s=" + at + "><td class=n>" +
         std::to_string(i + 1) + "</td><td>" + badge(e.pick_of(i)) + " " +
         escape_html(e.analysis.sentences[i].text) + why(e, i) + "</td><td class=n>" +
         number("%.4f", f.rank) + "</td><td class=n>" + number("%.3f", f.score) +
         "<div class=bar style='--share:" + number("%.3f", f.score) + "'></div></td></tr>\n";
}

std::string ranking(const Explanation& e) {
  std::string out =
      "<section><h2>The ranking</h2><div class=scroll><table><tr><th>#<th>sentence<th>rank"
      "<th>score</tr>\n";
  for (const std::size_t i : e.by_score()) out += row(e, i);
  return out + "</table></div></section>";
}

}  // namespace

std::string to_html(const Explanation& e) {
  const std::string begin = std::string(kHead) + header(e) + summary(e);
  if (e.analysis.sentences.empty()) return begin + "</main>\n" + std::string(kTail);
  return begin + graph(e) + "<div class=two>" + story(e) + ranking(e) +
         "</div><footer>score = rank × what is listed below each sentence, over the best. Picks "
         "are "
         "made one by one: score, less likeness to what is picked already.</footer></main>\n" +
         std::string(kTail);
}

}  // namespace nutgraf::tool
