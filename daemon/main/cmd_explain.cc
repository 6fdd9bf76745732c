// nutgraf explain: why these sentences.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/base/utf8.h"
#include "daemon/main/command.h"
#include "daemon/main/explanation.h"
#include "daemon/main/filter.h"
#include "daemon/main/summary_options.h"
#include "summarizer/summarizer.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
using summarizer::Score;
using summarizer::Sentence;

struct State {
  SummaryOptions wanted;
  bool json = false;
  bool html = false;
};

Json to_json(const Explanation& e) {
  Json sentences = Json::array();
  for (std::size_t i = 0; i < e.scores.size(); ++i) {
    const Sentence& s = e.analysis.sentences[i];
    const Score& f = e.scores[i];
    Json row{{"position", i},  {"text", s.text}, {"words", s.length},   {"score", f.score},
             {"rank", f.rank}, {"bad", s.bad},   {"leaning", s.leaning}};
    row["factors"] = {{"position", f.position}, {"quote", f.quote},   {"terminal", f.terminal},
                      {"brevity", f.brevity},   {"length", f.length}, {"names", f.names},
                      {"figures", f.figures},   {"topic", f.topic}};
    if (!s.why.empty()) row["why"] = s.why;
    if (const int pick = e.pick_of(i); pick > 0) row["picked"] = pick;
    sentences.push_back(std::move(row));
  }
  Json edges = Json::array();
  for (const auto& l : e.likenesses) edges.push_back({l.a, l.b, l.cosine});
  return {{"language", e.analysis.language},
          {"summary", e.summary.text},
          {"keywords", e.keywords},
          {"entities", e.entities},
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
  std::printf("%4s %4zu  %.3f  %.4f  %.2f  %.2f  %.2f  %.2f  %.2f  %.2f  %5d  %s\n", mark.c_str(),
              i, f.score, f.rank, f.position, f.quote * f.terminal * f.brevity, f.length, f.names,
              f.figures, f.topic, s.length, beginning(s.text, 70).c_str());
  if (!s.why.empty()) {
    std::printf("%72s%s\n", "",
                (std::string(s.bad ? "never: " : "not alone: ") + std::string(s.why)).c_str());
  }
}

void print_table(const Explanation& e) {
  std::printf("%s\n\n", e.summary.text.c_str());
  std::printf("language  %s\nkeywords  %s\nnames     %s\n\n", e.analysis.language.c_str(),
              joined(e.keywords).c_str(), joined(e.entities).c_str());
  std::printf(
      "pick  pos  score    rank   pos. marks  len. names  fig. topic  words  sentence, best "
      "first\n");
  for (const std::size_t i : e.by_score()) print_row(e, i);
  std::printf(
      "\nscore = rank x position x marks (quotation, no stop, very short) x length x names\n"
      "x figures x topic (words that other sentences have, too), over the best;\n"
      "picked greedily by score less likeness to what is picked already.\n");
}

int explain_all(const State& state) {
  auto inputs = state.wanted.inputs;
  if (inputs.empty()) inputs.emplace_back("-");
  int code = kOk;
  for (const std::string& path : inputs) {
    std::string text;
    if (!read_text(path, &text)) {
      code = kNoInput;
      continue;
    }
    const std::string name = path == "-" ? "" : path.substr(path.rfind('/') + 1);
    const Explanation e = explain(name, text, state.wanted.language, state.wanted.options);
    if (state.html) {
      std::cout << to_html(e) << std::flush;
    } else if (state.json) {
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
      "  nutgraf explain --html story.txt > story.html\n"
      "  nutgraf explain --method textrank --sentences 5 story.txt\n"
      "  nutgraf explain --json story.txt | jq '.sentences[] | select(.picked)'");
  add_summary_options(*command, state.wanted);
  command->add_flag("--json", state.json, "One JSON object a file, with the likeness of sentences");
  command->add_flag("--html", state.html, "One page a file, for a browser, with the graph")
      ->excludes("--json");
  command->callback([&state, &run] {
    check_summary_options(state.wanted);
    run.exit_code = explain_all(state);
  });
}

}  // namespace nutgraf::tool
