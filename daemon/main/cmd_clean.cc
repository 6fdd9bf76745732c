// nutgraf clean: furniture out of plain text.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/article/boilerplate.h"
#include "daemon/base/encoding.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {
namespace {

using nlohmann::json;

json clean(const json& line) {
  const Cleaned cleaned =
      clean_text(scrub_utf8(text_field(line, "title")), scrub_utf8(text_field(line, "text")),
                 text_field(line, "language"));
  json out = {{"title", cleaned.title}, {"text", cleaned.text}, {"dropped", cleaned.dropped}};
  if (line.contains("id")) out["id"] = line["id"];
  return out;
}

int print_plain(std::vector<std::string> inputs) {
  if (inputs.empty()) inputs.emplace_back("-");
  int code = kOk;
  for (const std::string& path : inputs) {
    std::string text;
    if (!read_text(path, &text)) {
      code = kNoInput;
      continue;
    }
    const Cleaned cleaned = clean_text("", scrub_utf8(text), "");
    if (!cleaned.title.empty()) std::cout << cleaned.title << "\n\n";
    std::cout << cleaned.text << '\n';
    for (const std::string& line : cleaned.dropped) std::cerr << "dropped: " << line << '\n';
  }
  return code;
}

struct Options {
  std::vector<std::string> inputs;
  bool jsonl = false;
  int jobs = 0;
};

}  // namespace

void add_clean(CLI::App& app, Run& run) {
  auto& options = run.keep<Options>();
  CLI::App* const command = app.add_subcommand(
      "clean", "Take furniture (menus, prompts, credits, tails) out of plain text");
  command->footer(
      "Examples:\n"
      "  nutgraf clean story.txt              # what was dropped goes to stderr\n"
      "  nutgraf clean --jsonl < texts.jsonl  # {\"id\",\"title\",\"text\"} a line in,\n"
      "                                       # {\"id\",\"title\",\"text\",\"dropped\"} a line "
      "out");
  command->add_option("FILE", options.inputs, "Texts, or JSON lines with --jsonl; default: stdin")
      ->type_name("");
  command->add_flag("--jsonl", options.jsonl, "One JSON object a line in and out");
  add_jobs_option(*command, options.jobs);
  command->callback([&options, &run] {
    run.exit_code =
        options.jsonl
            ? run_jsonl({.name = "clean", .inputs = options.inputs, .jobs = options.jobs}, clean)
            : print_plain(options.inputs);
  });
}

}  // namespace nutgraf::tool
