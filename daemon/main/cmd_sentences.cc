// nutgraf sentences: text to sentences.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/main/command.h"
#include "daemon/main/filter.h"
#include "summarizer/summarizer.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

struct State {
  FilterOptions filter{.name = "sentences", .inputs = {}, .jobs = 0};
  std::string language;
  bool jsonl = false;
};

std::vector<std::string> split(const std::string& text, std::string language) {
  if (language.empty()) language = summarizer::detect_language(text);
  return summarizer::split_sentences(text, language);
}

Json answer(const Json& in, const State& state) {
  std::string language = text_field(in, "language");
  if (language.empty()) language = state.language;
  Json out{{"sentences", split(text_field(in, "text"), language)}};
  if (in.contains("id")) out["id"] = in["id"];
  return out;
}

int print_plain(const State& state) {
  int code = kOk;
  auto inputs = state.filter.inputs;
  if (inputs.empty()) inputs.emplace_back("-");
  for (const std::string& path : inputs) {
    std::string text;
    if (!read_text(path, &text)) {
      code = kNoInput;
      continue;
    }
    for (const std::string& sentence : split(text, state.language)) std::cout << sentence << '\n';
  }
  return code;
}

}  // namespace

void add_sentences(CLI::App& app, Run& run) {
  auto& state = run.keep<State>();
  CLI::App* command = app.add_subcommand("sentences", "Split text into sentences, one a line");
  command->footer(
      "Examples:\n"
      "  nutgraf sentences story.txt\n"
      "  echo 'Mr. Smith left. He was 40.' | nutgraf sentences\n"
      "  nutgraf sentences --jsonl < stories.jsonl    # {\"id\",\"text\",\"language\"} a line in,\n"
      "                                               # {\"id\",\"sentences\":[…]} a line out");
  command->add_option("FILE", state.filter.inputs, "Files to read; none or -: stdin")
      ->type_name("");
  command->add_flag("--jsonl", state.jsonl, "One JSON object a line, in and out");
  add_jobs_option(*command, state.filter.jobs);
  command
      ->add_option("--language", state.language,
                   "Language where the input names none (en, de, …); detected if not given")
      ->type_name("TAG");
  command->callback([&state, &run] {
    run.exit_code = state.jsonl
                        ? run_jsonl(state.filter, [&](const Json& in) { return answer(in, state); })
                        : print_plain(state);
  });
}

}  // namespace nutgraf::tool
