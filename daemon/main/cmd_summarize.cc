// nutgraf summarize: a story, or several reports of one event, to their best sentences.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "daemon/main/command.h"
#include "daemon/main/filter.h"
#include "daemon/main/summary_options.h"
#include "summarizer/summarizer.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
using summarizer::Document;
using summarizer::Pick;
using summarizer::Summarizer;
using summarizer::Summary;

struct State {
  SummaryOptions wanted;
  int jobs = 0;
  bool jsonl = false;
  bool rank = false;
  bool together = false;
};

void put_in_printing_order(Summary& summary, bool rank) {
  if (rank) std::ranges::sort(summary.sentences, {}, &Pick::rank);
}

Json to_json(Summary summary, bool rank) {
  put_in_printing_order(summary, rank);
  Json out = Json::array();
  for (const Pick& p : summary.sentences) {
    out.push_back(
        {{"text", p.text}, {"score", p.score}, {"position", p.position}, {"document", p.document}});
  }
  return out;
}

/// A document's fields, kept alive for its views.
struct Fields {
  std::string title;
  std::string text;
  std::string language;

  Document document() const { return {title, text, language}; }
};

Fields fields_of(const Json& in, const State& state) {
  Fields f{text_field(in, "title"), text_field(in, "text"), text_field(in, "language")};
  if (f.language.empty()) f.language = state.wanted.language;
  return f;
}

Summary summarize_all(const std::vector<Fields>& fields, const State& state,
                      Summarizer& summarizer) {
  std::vector<Document> documents;
  documents.reserve(fields.size());
  for (const Fields& f : fields) documents.push_back(f.document());
  return summarizer.summarize_cluster(documents, state.wanted.options);
}

Summary summary_of(const Json& in, const State& state, Summarizer& summarizer) {
  const auto documents = in.find("documents");
  if (documents == in.end() || documents->is_null()) {
    return summarizer.summarize(fields_of(in, state).document(), state.wanted.options);
  }
  if (!documents->is_array()) throw std::runtime_error("documents is not an array");
  std::vector<Fields> fields;
  for (const Json& d : *documents) {
    if (!d.is_object()) throw std::runtime_error("a document is not an object");
    fields.push_back(fields_of(d, state));
  }
  return summarize_all(fields, state, summarizer);
}

Json answer(const Json& in, const State& state, Summarizer& summarizer) {
  Json out{{"sentences", to_json(summary_of(in, state, summarizer), state.rank)}};
  if (in.contains("id")) out["id"] = in["id"];
  return out;
}

void print(Summary summary, bool rank) {
  put_in_printing_order(summary, rank);
  for (const Pick& p : summary.sentences) std::cout << p.text << '\n';
}

int print_plain(const State& state) {
  auto inputs = state.wanted.inputs;
  if (inputs.empty()) inputs.emplace_back("-");
  Summarizer summarizer;
  std::vector<Fields> all;
  int code = kOk;
  bool first = true;
  for (const std::string& path : inputs) {
    Fields f{.title = {}, .text = {}, .language = state.wanted.language};
    if (!read_text(path, &f.text)) {
      code = kNoInput;
      continue;
    }
    if (state.together) {
      all.push_back(std::move(f));
      continue;
    }
    if (!first) std::cout << '\n';
    first = false;
    print(summarizer.summarize(f.document(), state.wanted.options), state.rank);
  }
  if (state.together) print(summarize_all(all, state, summarizer), state.rank);
  return code;
}

int map_lines(const FilterOptions& filter, const State& state) {
  std::deque<Summarizer> summarizers;  // One for each thread.
  return run_jsonl_each(filter, [&]() -> LineFunction {
    return [&state, &summarizer = summarizers.emplace_back()](const Json& in) {
      return answer(in, state, summarizer);
    };
  });
}

}  // namespace

void add_summarize(CLI::App& app, Run& run) {
  auto& state = run.keep<State>();
  CLI::App* command =
      app.add_subcommand("summarize", "The sentences that say what a story says, one a line");
  command->footer(
      "Sentences are verbatim, without datelines, in the order of the text. Several files give a\n"
      "summary each, or one of all with --together.\n\n"
      "Examples:\n"
      "  nutgraf summarize story.txt\n"
      "  curl -s URL | nutgraf summarize --words 75\n"
      "  nutgraf summarize --together bbc.txt ap.txt cnn.txt    # what the reports have in common\n"
      "  nutgraf summarize --jsonl --sentences 2 < stories.jsonl\n"
      "      # in  {\"id\",\"title\",\"text\",\"language\"} or "
      "{\"id\",\"documents\":[{\"title\",\"text\"},…]}\n"
      "      # out {\"id\",\"sentences\":[{\"text\",\"score\",\"position\",\"document\"},…]}");
  add_summary_options(*command, state.wanted);
  command->get_option("--query")->description(
      "What the summary should be about, in words (not for textrank or --together)");
  CLI::Option* by_title =
      command->add_flag("--by-title", state.wanted.options.by_title,
                        "The summary should be about what the title says (with --jsonl)");
  CLI::Option* jsonl =
      command->add_flag("--jsonl", state.jsonl, "One JSON object a line, in and out");
  by_title->needs(jsonl);
  add_jobs_option(*command, state.jobs);
  command->add_flag("--rank", state.rank, "Best sentence first, not in the order of the text");
  command->add_flag("--together", state.together, "The files are reports of one event")
      ->excludes(command->get_option("--query"))
      ->excludes(jsonl);
  command->callback([&state, &run] {
    check_summary_options(state.wanted);
    const FilterOptions filter{
        .name = "summarize", .inputs = state.wanted.inputs, .jobs = state.jobs};
    run.exit_code = state.jsonl ? map_lines(filter, state) : print_plain(state);
  });
}

}  // namespace nutgraf::tool
