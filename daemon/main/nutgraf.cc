// nutgraf: the tool. Each stage of the daemon as a filter, and the ways to look at a running
// daemon.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <initializer_list>
#include <iostream>

#include "daemon/main/command.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {

// One a file, cmd_<name>.cc, in the order in which --help lists them.
void add_parse(CLI::App& app, int* exit_code);
void add_extract(CLI::App& app, int* exit_code);
void add_clean(CLI::App& app, int* exit_code);
void add_sentences(CLI::App& app, int* exit_code);
void add_summarize(CLI::App& app, int* exit_code);
void add_explain(CLI::App& app, int* exit_code);
void add_dedup(CLI::App& app, int* exit_code);
void add_events(CLI::App& app, int* exit_code);
void add_check_config(CLI::App& app, int* exit_code);
void add_feeds(CLI::App& app, int* exit_code);
void add_status(CLI::App& app, int* exit_code);
void add_reload(CLI::App& app, int* exit_code);
void add_log_level(CLI::App& app, int* exit_code);
void add_why(CLI::App& app, int* exit_code);
void add_retract(CLI::App& app, int* exit_code);
void add_tail(CLI::App& app, int* exit_code);
void add_try(CLI::App& app, int* exit_code);

constexpr std::initializer_list<AddCommand> kCommands = {
    add_parse,  add_extract,   add_clean, add_sentences,    add_summarize, add_explain,
    add_dedup,  add_events,    add_try,   add_check_config, add_feeds,     add_status,
    add_reload, add_log_level, add_why,   add_retract,      add_tail,
};

}  // namespace nutgraf::tool

int main(int argc, char** argv) {
  using namespace nutgraf::tool;
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE,
              SIG_IGN);  // A closed pipe is seen as a failed write, and ends the run quietly.
  CLI::App app{
      "nutgraf: each stage of the news daemon in a pipe, and a window on a running one.\n"
      "Filters read files or stdin, write to stdout, and take --jsonl for one JSON object a line."};
  app.set_version_flag("--version", "nutgraf " NUTGRAF_VERSION);
  app.require_subcommand(1);
  int exit_code = kOk;
  for (const AddCommand add : kCommands) add(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kOk : kUsage;
  }
  return exit_code;
}
