// nutgraf explain: why these sentences.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "daemon/base/utf8.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"
#include "daemon/main/summary_options.h"
#include "summarizer/summarizer.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
using summarizer::Analysis;
using summarizer::Score;
using summarizer::Sentence;
using summarizer::Summary;

struct State {
  SummaryOptions wanted;
  bool json = false;
};

/// A text, its scores and what was picked.
struct Explanation {
  Analysis analysis;
  std::vector<Score> scores;
  Summary summary;

  /// 1 for the sentence picked first; 0 for one that was not.
  int pick_of(std::size_t i) const {
    for (const auto& p : summary.sentences) {
      if (static_cast<std::size_t>(p.position) == i) return p.rank + 1;
    }
    return 0;
  }
};

Explanation explain(const std::string& text, const State& state) {
  Explanation e;
  e.analysis = summarizer::analyse({.title = {}, .text = text, .language = state.wanted.language});
  e.scores = summarizer::score_sentences(e.analysis, state.wanted.options);
  e.summary = summarizer::summarize(e.analysis, state.wanted.options);
  return e;
}

Json to_json(const Explanation& e) {
  Json sentences = Json::array();
  for (std::size_t i = 0; i < e.scores.size(); ++i) {
    const Sentence& s = e.analysis.sentences[i];
    const Score& f = e.scores[i];
    Json row{{"position", i},  {"text", s.text}, {"words", s.length},   {"score", f.score},
             {"rank", f.rank}, {"bad", s.bad},   {"leaning", s.leaning}};
    row["factors"] = {{"position", f.position}, {"quote", f.quote},   {"terminal", f.terminal},
                      {"brevity", f.brevity},   {"length", f.length}, {"names", f.names}};
    if (!s.why.empty()) row["why"] = s.why;
    if (const int pick = e.pick_of(i); pick > 0) row["picked"] = pick;
    sentences.push_back(std::move(row));
  }
  Json edges = Json::array();
  for (const auto& l : summarizer::likenesses(e.analysis)) edges.push_back({l.a, l.b, l.cosine});
  return {{"language", e.analysis.language},
          {"summary", e.summary.text},
          {"keywords", summarizer::keywords(e.analysis, 10)},
          {"entities", summarizer::entities(e.analysis, 10)},
          {"sentences", std::move(sentences)},
          {"likenesses", std::move(edges)}};
}

/// The first characters of `text`, whole ones.
std::string beginning(const std::string& text, std::size_t size) {
  if (text.size() <= size) return text;
  return std::string(cut_utf8(text, size)) + "…";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

void print_row(const Explanation& e, std::size_t i) {
  const Sentence& s = e.analysis.sentences[i];
  const Score& f = e.scores[i];
  const int pick = e.pick_of(i);
  const std::string mark = pick > 0 ? "*" + std::to_string(pick) : "";
  std::printf("%4s %4zu  %.3f  %.4f  %.2f  %.2f  %.2f  %.2f  %5d  %s\n", mark.c_str(), i, f.score,
              f.rank, f.position, f.quote * f.terminal * f.brevity, f.length, f.names, s.length,
              beginning(s.text, 70).c_str());
  if (!s.why.empty()) {
    std::printf("%60s%s\n", "",
                (std::string(s.bad ? "never: " : "not alone: ") + std::string(s.why)).c_str());
  }
}

void print_table(const Explanation& e) {
  std::printf("%s\n\n", e.summary.text.c_str());
  std::printf("language  %s\nkeywords  %s\nnames     %s\n\n", e.analysis.language.c_str(),
              joined(summarizer::keywords(e.analysis, 10)).c_str(),
              joined(summarizer::entities(e.analysis, 10)).c_str());
  std::printf("pick  pos  score    rank   pos. marks  len. names  words  sentence, best first\n");
  std::vector<std::size_t> order(e.scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return e.scores[i].score; });
  for (const std::size_t i : order) print_row(e, i);
  std::printf(
      "\nscore = rank x position x marks (quotation, no stop, very short) x length x names, over "
      "the\n"
      "best; picked greedily by score less likeness to what is picked already.\n");
}

int explain_all(const State& state) {
  auto inputs = state.wanted.inputs;
  if (inputs.empty()) inputs.emplace_back("-");
  int code = kOk;
  for (const std::string& path : inputs) {
    std::string text;
    if (!read_input(path, &text)) {
      code = kNoInput;
      continue;
    }
    const Explanation e = explain(text, state);
    if (state.json) {
      std::cout << to_json(e).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    } else {
      print_table(e);
    }
  }
  return code;
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
  auto& state = run.keep<State>();
  CLI::App* command = app.add_subcommand(
      "explain", "Why a summary has these sentences: every factor of every score");
  command->footer(
      "Examples:\n"
      "  nutgraf explain story.txt | less -S\n"
      "  nutgraf explain --method textrank --sentences 5 story.txt\n"
      "  nutgraf explain --json story.txt | jq '.sentences[] | select(.picked)'");
  add_summary_options(*command, state.wanted);
  command->add_flag("--json", state.json, "One JSON object a file, with the likeness of sentences");
  command->callback([&state, &run] { run.exit_code = explain_all(state); });
}

}  // namespace nutgraf::tool
