// What is asked of the running daemon as a whole: status, reload, log-level, retract.
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

constexpr std::chrono::minutes kReloadPatience{5};

std::string joined(const Json& object, const char* key) {
  std::string out;
  for (const Json& each : object.value(key, Json::array())) {
    out += (out.empty() ? "" : " ") + each.get<std::string>();
  }
  return out;
}

std::string counts(const Json& feeds) {
  return show(feeds, "total") + " (" + show(feeds, "ok") + " ok, " + show(feeds, "unwell") +
         " unwell, " + show(feeds, "paused") + " paused)";
}

std::string log_range(const Json& answer) {
  const bool empty = answer.value("floor", std::int64_t{0}) > answer.value("head", std::int64_t{0});
  return (empty ? "empty" : show(answer, "floor") + " .. " + show(answer, "head")) + " of " +
         show(answer, "epoch");
}

void print_status(const Json& answer) {
  const std::vector<std::vector<std::string>> rows = {
      {"version", show(answer, "version")},
      {"process", show(answer, "pid") + ", since " + show(answer, "started_at")},
      {"memory", std::to_string(answer.value("memory_bytes", std::int64_t{0}) >> 20) + " MiB"},
      {"feeds", counts(answer.value("feeds", Json::object()))},
      {"pending", show(answer, "pending") + " items, " + show(answer, "quarantined") +
                      " given up on, " + show(answer, "in_flight") + " transfers"},
      {"log", log_range(answer)},
      {"live", joined(answer, "live")},
      {"sync", joined(answer, "sync")},
      {"log level", show(answer, "log_level")}};
  std::cout << format_table(rows, 0);
  for (const Json& problem : answer.value("problems", Json::array())) {
    std::cout << "problem: " << problem.get<std::string>() << '\n';
  }
}

void print_reload(const Json& answer) {
  const std::string feeds = show(answer, "feeds");
  std::cout << feeds << (feeds == "1" ? " feed: " : " feeds: ") << show(answer, "added")
            << " added, " << show(answer, "removed") << " removed, " << show(answer, "changed")
            << " changed\n";
  for (const Json& section : answer.value("need_restart", Json::array())) {
    std::cout << "in force only after a restart: [" << section.get<std::string>() << "]\n";
  }
}

void print_retract(const Json& answer) {
  const bool before = answer.value("already", false);
  const std::string seq = show(answer, "seq");
  std::cout << (before ? "already retracted" : "retracted") << (seq.empty() ? "" : ", seq " + seq)
            << (answer.value("purged", false) ? ", its text is purged\n" : "\n");
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("status", "How the running daemon fares");
  auto& options = run.keep<AskOptions>();
  add_ask_options(*command, &options);
  command->callback([&options, &run] {
    run.exit_code = ask(options, {{"cmd", "status"}}, print_status);
  });
}

void add_reload(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("reload", "Have the daemon read its configuration again, and wait for it");
  auto& options = run.keep<AskOptions>();
  add_ask_options(*command, &options);
  command->add_flag_function(
      "--wait", [](std::int64_t) {}, "Wait until the new settings are in force (always so)");
  command->callback([&options, &run] {
    run.exit_code = ask(options, {{"cmd", "reload"}}, print_reload, kReloadPatience);
  });
}

void add_log_level(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("log-level", "Show or change how much the running daemon logs");
  auto& options = run.keep<AskOptions>();
  auto& level = run.keep<std::string>();
  add_ask_options(*command, &options);
  command->add_option("LEVEL", level, "New level; without it the one in force is shown")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
  command->callback([&options, &level, &run] {
    Json request = {{"cmd", "log-level"}};
    if (!level.empty()) request["level"] = level;
    run.exit_code = ask(options, request,
                        [](const Json& answer) { std::cout << show(answer, "level") << '\n'; });
  });
}

void add_retract(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("retract", "Withdraw a story from subscribers");
  auto& options = run.keep<AskOptions>();
  auto& id = run.keep<std::string>();
  auto& reason = run.keep<std::string>();
  bool& purge = run.keep<bool>();
  add_ask_options(*command, &options);
  command->add_option("ID", id, "The story's id")->required();
  command->add_option("--reason", reason, "What subscribers are told");
  command->add_flag("--purge-text", purge, "Delete its text from the store and the log too");
  command->callback([&options, &id, &reason, &purge, &run] {
    Json request = {{"cmd", "retract"}, {"id", id}, {"purge_text", purge}};
    if (!reason.empty()) request["reason"] = reason;
    run.exit_code = ask(options, request, print_retract);
  });
}

}  // namespace nutgraf::tool
