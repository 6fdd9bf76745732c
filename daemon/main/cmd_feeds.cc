#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/main/ask.h"
#include "daemon/main/command.h"
#include "daemon/main/table.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

/// "2026-11-21T10:00:00.123Z" -> "11-21 10:00:00": enough for a table.
std::string short_time(const std::string& time) {
  return time.size() < 19 ? time : time.substr(5, 5) + " " + time.substr(11, 8);
}

std::string remark(const Json& feed) {
  std::string out = feed.value("paused", false) ? "paused by the operator" : show(feed, "reason");
  const std::string error = show(feed, "last_error");
  if (!error.empty() && error != out) out += (out.empty() ? "" : "; ") + error;
  return out;
}

void print_feeds(const Json& answer) {
  Rows rows = {{"FEED", "STATE", "ITEMS", "LAST POLL", "HTTP", "NEXT POLL", "WHY THEN", "REMARK"}};
  for (const Json& feed : answer.at("feeds")) {
    rows.push_back({show(feed, "id"), feed.value("paused", false) ? "paused" : show(feed, "state"),
                    show(feed, "items"), short_time(show(feed, "last_poll")),
                    show(feed, "last_status"), short_time(show(feed, "next_poll")),
                    show(feed, "next_reason"), remark(feed)});
  }
  std::cout << format_table(rows, terminal_width());
  const auto quarantined = answer.find("quarantined");
  if (quarantined == answer.end() || quarantined->empty()) return;
  rows = {{"GIVEN UP ON", "TRIES", "TITLE", "ERROR", "LINK"}};
  for (const Json& item : *quarantined) {
    rows.push_back({show(item, "feed"), show(item, "attempts"), show(item, "title"),
                    show(item, "error"), show(item, "link")});
  }
  std::cout << '\n' << format_table(rows, terminal_width());
}

void print_changed(const Json& answer) {
  for (const Json& id : answer.at("changed")) std::cout << id.get<std::string>() << '\n';
}

void add_verb(CLI::App& parent, const char* verb, const char* help, Run& run) {
  CLI::App* const command = parent.add_subcommand(verb, help);
  auto& options = run.keep<AskOptions>();
  auto& feeds = run.keep<std::vector<std::string>>();
  bool& all = run.keep<bool>();
  add_ask_options(*command, &options);
  auto* const ids = command->add_option("FEED", feeds, "Ids of feeds");
  command->add_flag("--all", all, "All feeds")->excludes(ids);
  command->callback([verb, &options, &feeds, &all, &run] {
    if (feeds.empty() && !all) throw CLI::RequiredError("FEED or --all");
    run.exit_code = ask(options, {{"cmd", verb}, {"feeds", feeds}}, print_changed);
  });
}

}  // namespace

void add_feeds(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("feeds", "How the feeds fare; pause or poll them");
  auto& options = run.keep<AskOptions>();
  add_ask_options(*command, &options);
  CLI::App* const list = command->add_subcommand("list", "State of every feed (the default)");
  add_ask_options(*list, &options);
  add_verb(*command, "pause", "Do not poll these until they are resumed", run);
  add_verb(*command, "resume", "Poll paused feeds again", run);
  add_verb(*command, "poll-now", "Poll these as soon as the manners to their host allow", run);
  add_verb(*command, "reset", "Forget validators and back-off (known items stay known)", run);
  command->require_subcommand(0, 1);
  command->callback([command, list, &options, &run] {
    const bool other = !command->get_subcommands().empty() && !list->parsed();
    if (!other) run.exit_code = ask(options, {{"cmd", "feeds"}}, print_feeds);
  });
}

}  // namespace nutgraf::tool
