// nutgraf: the tool. Each stage of the daemon as a filter, and the ways to look at a running
// daemon.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <initializer_list>
#include <iostream>

#include "daemon/main/command.h"
#include "daemon/main/filter.h"
#include "daemon/main/output.h"
#include "daemon/main/usage_error.h"

namespace nutgraf::tool {

// One a file, cmd_<name>.cc, in the order in which --help lists them.
void add_parse(CLI::App& app, Run& run);
void add_extract(CLI::App& app, Run& run);
void add_clean(CLI::App& app, Run& run);
void add_sentences(CLI::App& app, Run& run);
void add_summarize(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_dedup(CLI::App& app, Run& run);
void add_events(CLI::App& app, Run& run);
void add_check_config(CLI::App& app, Run& run);
void add_opml(CLI::App& app, Run& run);
void add_feeds(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);
void add_reload(CLI::App& app, Run& run);
void add_log_level(CLI::App& app, Run& run);
void add_why(CLI::App& app, Run& run);
void add_retract(CLI::App& app, Run& run);
void add_tail(CLI::App& app, Run& run);
void add_try(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_keygen(CLI::App& app, Run& run);

constexpr std::initializer_list<AddCommand> kCommands = {
    add_parse,  add_extract, add_clean,     add_sentences,    add_summarize, add_explain,
    add_dedup,  add_events,  add_try,       add_check_config, add_opml,      add_feeds,
    add_status, add_reload,  add_log_level, add_why,          add_retract,   add_tail,
    add_verify, add_backup,  add_keygen,
};

}  // namespace nutgraf::tool

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): only a defect escapes.
  using namespace nutgraf::tool;
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);  // Filters print on another thread than they read.
  // A closed pipe is seen as a failed write, and ends the run quietly.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // Likewise a file that has reached its limit.
  Run run;                        // Before the app: outlives the options that are bound to it.
  CLI::App app{
      "nutgraf: each stage of the news daemon in a pipe, and a window on a running one.\n"
      "Filters read files or stdin, write to stdout, and take --jsonl for one JSON object a line.",
      "nutgraf"};
  app.set_version_flag("--version", "nutgraf " NUTGRAF_VERSION);
  app.failure_message(usage_error);
  app.require_subcommand(1);
  for (const AddCommand add : kCommands) add(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return finish_output(code == 0 ? kOk : kUsage);
  }
  return finish_output(run.exit_code);
}
