#include "daemon/main/extract_page.h"

#include <array>

#include "daemon/base/html_escape.h"
#include "daemon/base/utf8.h"

namespace nutgraf::tool {
namespace {

/// What was left out is shown so far (bytes); what was kept, whole.
constexpr std::size_t kLongestShown = 400;

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1a1a; --dim: #666; --line: #ddd; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15171a; --ink: #e8e8e8; --dim: #9a9a9a; --line: #333; } }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 0 1.5rem;
  font-size: .85rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .85rem; margin-bottom: 1rem; }
td, th { padding: .15rem .8rem .15rem 0; text-align: left; font-weight: normal; }
th { color: var(--dim); }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
i.key { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px;
  margin-right: .5rem; background: var(--hue); vertical-align: -.1rem; }
section { display: grid; grid-template-columns: 9rem 1fr; border-top: 1px solid var(--line); }
section > b { font: .75rem/1.4 ui-monospace, monospace; padding: .45rem 0; color: var(--dim); }
section > p { margin: 0; padding: .3rem .8rem; border-left: .3rem solid var(--hue);
  white-space: pre-line; overflow-wrap: anywhere; }
.out > p { font-size: .85rem; color: var(--dim);
  background: color-mix(in srgb, var(--hue) 9%, transparent); }
#kept-only:checked ~ .out { display: none; }
label { font-size: .85rem; }
)";

/// Green for what is kept, grey for what stands elsewhere; the other rules over the rest of the
/// circle, in steps that keep neighbours apart.
std::string hue_of(ArticleRule rule) {
  if (is_kept(rule)) return "hsl(140 55% 42%)";
  if (rule == ArticleRule::kContainer || rule == ArticleRule::kUnselected) return "hsl(0 0% 60%)";
  constexpr int kFirst = 190;  // Up to 190 + 240, that is 70: no green.
  const int degrees = (kFirst + static_cast<int>(rule) * 97 % 240) % 360;
  return "hsl(" + std::to_string(degrees) + " 65% 52%)";
}

struct Tally {
  std::size_t stretches = 0;
  std::size_t bytes = 0;
};

std::string legend(const ExplainedArticle& explained) {
  std::array<Tally, static_cast<std::size_t>(ArticleRule::kCount)> tallies{};
  for (const JudgedStretch& stretch : explained.stretches) {
    Tally& tally = tallies[static_cast<std::size_t>(stretch.rule)];
    ++tally.stretches;
    tally.bytes += stretch.text.size();
  }
  std::string out =
      "<table><tr><th>rule</th><th>stretches</th><th>bytes</th><th>which says</th></tr>\n";
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (tallies[i].stretches == 0) continue;
    const auto rule = static_cast<ArticleRule>(i);
    const std::string_view name = rule == ArticleRule::kNone ? "kept" : to_string(rule);
    out += "<tr><td><i class=key style=\"--hue: " + hue_of(rule) + "\"></i>" + escape_html(name) +
           "</td><td class=n>" + std::to_string(tallies[i].stretches) + "</td><td class=n>" +
           std::to_string(tallies[i].bytes) + "</td><td>" + escape_html(reason_of(rule)) +
           "</td></tr>\n";
  }
  return out + "</table>\n";
}

std::string row(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  return "<dt>" + escape_html(name) + "</dt><dd>" + escape_html(value) + "</dd>\n";
}

std::string facts(const Article& article, std::string_view source) {
  const PageMetadata& meta = article.meta;
  std::string authors;
  for (const std::string& author : meta.authors) authors += (authors.empty() ? "" : ", ") + author;
  return "<dl>\n" + row("page", source) + row("authors", authors) +
         row("published", meta.published ? format_rfc3339(*meta.published) : std::string{}) +
         row("language", meta.language) + row("canonical", meta.canonical_url) +
         row("kind", to_string(meta.kind)) + row("agency", meta.agency) +
         row("paywall", meta.paywall ? "the page hints at one" : "") +
         row("blocked", article.blocked_reason) +
         row("text", article.text_declared ? reason_of(ArticleRule::kDeclaredBody) : "") +
         "</dl>\n";
}

std::string shown(const JudgedStretch& stretch) {
  const bool kept = is_kept(stretch.rule);
  std::string_view text = stretch.text;
  const bool cut = !kept && text.size() > kLongestShown;
  if (cut) text = cut_utf8(text, kLongestShown);
  return std::string("<section class=") + (kept ? "in" : "out") +
         " style=\"--hue: " + hue_of(stretch.rule) + "\" title=\"" +
         escape_html(reason_of(stretch.rule)) + "\"><b>" +
         (stretch.rule == ArticleRule::kNone ? "" : escape_html(to_string(stretch.rule))) +
         "</b><p>" + escape_html(text) + (cut ? " …" : "") + "</p></section>\n";
}

}  // namespace

std::string explanation_page(const ExplainedArticle& explained, std::string_view source) {
  const std::string title = escape_html(explained.article.meta.title);
  std::string out = "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<title>" +
                    title + "</title>\n<style>" + std::string(kStyle) +
                    "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n" +
                    facts(explained.article, source) + legend(explained) +
                    "<input type=checkbox id=kept-only> <label for=kept-only>only what is "
                    "kept</label>\n";
  for (const JudgedStretch& stretch : explained.stretches) out += shown(stretch);
  return out + "</body>\n</html>\n";
}

}  // namespace nutgraf::tool
