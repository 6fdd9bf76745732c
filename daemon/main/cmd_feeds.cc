#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/terminal.h"
#include "daemon/config/units.h"
#include "daemon/main/ask.h"
#include "daemon/main/command.h"
#include "daemon/main/exit_code.h"
#include "daemon/main/feeds_view.h"
#include "daemon/main/table.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;
constexpr std::array<std::string_view, 5> kVerbs{"list", "pause", "resume", "poll-now", "reset"};

FeedsLook look() {
  return {
      .width = terminal_width(), .colour = wants_colour(STDOUT_FILENO), .now = SystemClock().utc()};
}

void print_table(const Json& answer) { std::cout << feeds_table(answer, look()); }
void print_detail(const Json& answer) { std::cout << feeds_detail(answer, look()); }

/// A word that is neither a verb nor a feed was perhaps meant for a verb: "pasue". Only the daemon
/// knows that it is no feed.
void suggest_verb(const std::string& word) {
  const std::string_view verb = nearest(word, kVerbs);
  if (!verb.empty()) std::cerr << "nutgraf: or did you mean `nutgraf feeds " << verb << "`?\n";
}

int list_feeds(const AskOptions& options, const std::vector<std::string>& feeds) {
  if (feeds.empty()) return ask(options, {{"cmd", "feeds"}}, print_table);
  const int code = ask(options, {{"cmd", "feeds"}, {"feeds", feeds}}, print_detail);
  if (code == kSomeFailed) suggest_verb(feeds.front());
  return code;
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
    run.exit_code = ask(options, {{"cmd", verb}, {"feeds", feeds}},
                        [verb](const Json& answer) { std::cout << feeds_done(verb, answer); });
  });
}

}  // namespace

void add_feeds(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("feeds", "How the feeds fare; pause or poll them");
  auto& options = run.keep<AskOptions>();
  auto& feeds = run.keep<std::vector<std::string>>();
  CLI::App* const list =
      command->add_subcommand("list", "Every feed in a line, or some in full (the default)");
  for (CLI::App* const each : {command, list}) {
    add_ask_options(*each, &options);
    each->add_option("FEED", feeds, "Ids of feeds: all that is known of them");
  }
  add_verb(*command, "pause", "Do not poll these until they are resumed", run);
  add_verb(*command, "resume", "Poll paused feeds again", run);
  add_verb(*command, "poll-now", "Poll these as soon as the manners to their host allow", run);
  add_verb(*command, "reset", "Forget validators and back-off (known items stay known)", run);
  command->require_subcommand(0, 1);
  command->callback([command, list, &options, &feeds, &run] {
    const bool other = !command->get_subcommands().empty() && !list->parsed();
    if (!other) run.exit_code = list_feeds(options, feeds);
  });
}

}  // namespace nutgraf::tool
