#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/main/ask.h"
#include "daemon/main/command.h"
#include "daemon/main/table.h"
#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

/// The members of a message that say what became of the item.
void print_message(const Json& message) {
  std::cout << "\nlatest message: seq " << show(message, "seq") << ", " << show(message, "op")
            << " on " << show(message, "topic") << ", " << show(message, "decided_at") << '\n';
  if (const std::string reason = show(message, "reason"); !reason.empty()) {
    std::cout << "  reason: " << reason << '\n';
  }
  const Json story = message.value("story", Json::object());
  for (const char* const key : {"id", "title", "url", "text_from", "revision"}) {
    const std::string value = show(story, key);
    if (!value.empty()) std::cout << "  " << key << ": " << value << '\n';
  }
  const Json event = story.value("event", Json::object());
  if (event.contains("id")) std::cout << "  event: " << show(event, "id") << '\n';
}

/// In a column: the ids stand below the table, where a narrow terminal does not cut them.
std::string reason_of(const Json& entry) {
  if (!entry.contains("event")) return show(entry, "reason");
  const Json& event = entry.at("event");
  const std::string similarity = show(event, "similarity");
  return show(event, "how") + (similarity.empty() ? "" : ", " + similarity);
}

void print_trail(const Json& answer) {
  std::vector<std::vector<std::string>> rows = {{"WHEN", "FEED", "WHAT", "WHY", "STORY"}};
  std::vector<std::string> events;
  for (const Json& entry : answer.at("trail")) {
    rows.push_back({show(entry, "at"), show(entry, "feed"), show(entry, "what"), reason_of(entry),
                    show(entry, "story")});
    if (entry.contains("event")) events.push_back(show(entry, "reason"));
  }
  std::cout << format_table(rows, terminal_width());
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::cout << (i == 0 ? "\nevent: " : "event: ") << printable(events[i]) << '\n';
  }
  if (answer.contains("message")) print_message(answer.at("message"));
}

}  // namespace

void add_why(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("why", "What became of an item, and why: one line a step, oldest first");
  auto& options = run.keep<AskOptions>();
  auto& what = run.keep<std::string>();
  add_ask_options(*command, &options);
  command->add_option("WHAT", what, "URL or GUID of an item, or id of a story")
      ->required()
      ->check([](const std::string& text) { return text.empty() ? "it is empty" : ""; });
  command->callback([&options, &what, &run] {
    run.exit_code = ask(options, {{"cmd", "why"}, {"what", what}}, print_trail);
  });
}

}  // namespace nutgraf::tool
