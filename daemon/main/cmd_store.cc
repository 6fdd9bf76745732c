// nutgraf verify and backup: what an operator does with the store besides running the daemon on it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/config/config.h"
#include "daemon/main/command.h"
#include "daemon/main/places.h"
#include "daemon/store/backup.h"
#include "daemon/store/verify.h"
#include "daemon/wire/envelope.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

struct VerifyArguments {
  std::string file;
  std::string config;
  bool quick = false;
  bool json = false;
};

int complain(const char* command, const std::string& message, int code) {
  std::fprintf(stderr, "nutgraf %s: %s\n", command, message.c_str());
  return code;
}

/// The one named, else that of the configuration, else the service's.
Result<std::string> store_path(const std::string& named, const std::string& config) {
  if (!named.empty()) return named;
  if (config.empty()) return Config{}.store.path;
  return config_for_places(config).map([](const Config& read) { return read.store.path; });
}

/// What a file is called need not be UTF-8.
std::string line_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_json(const std::string& file, const StoreReport& report) {
  Json findings = Json::array();
  for (const StoreReport::Finding& finding : report.findings) {
    findings.push_back({{"check", finding.check}, {"what", finding.what}});
  }
  const Json object = {{"file", file},
                       {"sound", report.sound()},
                       {"epoch", report.position.epoch},
                       {"head", report.position.head},
                       {"floor", report.position.floor},
                       {"messages", report.messages},
                       {"bytes", report.bytes},
                       {"kept_events", report.kept_events},
                       {"topics", report.position.topics.size()},
                       {"found", report.found},
                       {"findings", findings}};
  return line_of(object);
}

std::string as_text(const std::string& file, const StoreReport& report) {
  std::string out;
  for (const StoreReport::Finding& finding : report.findings) {
    out += finding.check + ": " + finding.what + "\n";
  }
  const auto untold = report.found - static_cast<std::int64_t>(report.findings.size());
  if (untold > 0) out += "… and " + std::to_string(untold) + " more\n";
  out += file + ": " + std::to_string(report.messages) + " messages (" +
         std::to_string(report.position.floor) + " to " + std::to_string(report.position.head) +
         "), " + std::to_string(report.position.topics.size()) + " topics, epoch " +
         report.position.epoch + ": " +
         (report.sound() ? "sound"
                         : std::to_string(report.found) +
                               (report.found == 1 ? " damage" : " damages") + " found") +
         "\n";
  if (!report.sound()) {
    out +=
        "Stop nutgrafd and restore a backup (nutgraf(1), \"Restoring\"), or move the file away "
        "to begin a new one.\n";
  }
  return out;
}

void show_progress(std::int64_t done, std::int64_t all) {
  std::fprintf(stderr, "\r%3" PRId64 " %%  %" PRId64 " of %" PRId64 " messages",
               all > 0 ? 100 * done / all : 0, done, all);
}

/// The path of a store that is there. SQLite would wait for the writer of a pipe.
Result<std::string> stored_at(const std::string& named, const std::string& config) {
  Result<std::string> path = store_path(named, config);
  if (!path) return path;
  std::error_code error;
  const auto type = std::filesystem::status(*path, error).type();
  if (type == std::filesystem::file_type::not_found) {
    return fail(ErrorCode::kGone, "no such file: " + *path);
  }
  if (type != std::filesystem::file_type::regular) {
    return fail(ErrorCode::kRefused,
                *path + ": " + (error ? error.message() : "not a regular file"));
  }
  return path;
}

int exit_code_of(const Error& no_store) {
  return no_store.code == ErrorCode::kBadConfig ? kConfigError : kNoInput;
}

int verify(const VerifyArguments& arguments) {
  const Result<std::string> file = stored_at(arguments.file, arguments.config);
  if (!file) return complain("verify", file.error().message, exit_code_of(file.error()));
  VerifyOptions options{.read_envelope = read_stamp, .quick = arguments.quick};
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (terminal) options.progress = show_progress;
  const Result<StoreReport> report = verify_store(*file, options);
  if (terminal) std::fputs("\r\x1b[K", stderr);
  if (!report) {
    if (arguments.json) {
      std::cout << line_of({{"file", *file}, {"sound", false}, {"error", report.error().message}});
    }
    const bool busy = report.error().code == ErrorCode::kTransient;
    return complain("verify", report.error().message, busy ? kTemporary : kSomeFailed);
  }
  std::cout << (arguments.json ? as_json(*file, *report) : as_text(*file, *report));
  return report->sound() ? kOk : kSomeFailed;
}

int backup(const std::string& destination, const std::string& named, const std::string& config) {
  const Result<std::string> file = stored_at(named, config);
  if (!file) return complain("backup", file.error().message, exit_code_of(file.error()));
  const Result<std::uintmax_t> bytes = backup_store(*file, destination);
  if (!bytes) {
    const bool again = bytes.error().code == ErrorCode::kTransient;
    return complain("backup", bytes.error().message, again ? kTemporary : kSomeFailed);
  }
  std::cout << destination << ": " << *bytes << " bytes\n";
  return kOk;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("verify", "Read a whole store and name all that is wrong with it");
  command->footer(
      "Changes nothing; beside a running daemon or on a copy. Checked are the database itself, "
      "that\n"
      "no sequence number is missing, every message's checksum, its own word on its place, the "
      "chain\n"
      "of `prev` in each topic, and the heads. Exits 0 if the store is sound, 1 if it is damaged, "
      "66\n"
      "if there is none.\n\n"
      "Examples:\n"
      "  nutgraf verify\n"
      "  nutgraf verify --quick --json backup.db");
  auto& arguments = run.keep<VerifyArguments>();
  command->add_option("FILE", arguments.file, "The store (default: /var/lib/nutgraf/nutgraf.db)");
  command->add_option("--config", arguments.config, "The daemon's configuration: says where it is");
  command->add_flag("--quick", arguments.quick, "Without the check of every page of the database");
  command->add_flag("--json", arguments.json, "One line of JSON");
  command->callback([&arguments, &run] { run.exit_code = verify(arguments); });
}

void add_backup(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand("backup", "Copy the store of a running daemon");
  command->footer(
      "All of one moment, while the daemon goes on. DEST is there only once it is whole, and a "
      "file\n"
      "that is there is never overwritten.\n\n"
      "To restore: stop nutgrafd; remove nutgraf.db-wal and nutgraf.db-shm beside the store; copy "
      "the\n"
      "backup over it; start. It begins a new epoch: clients start over from the time they know "
      "of.\n\n"
      "Example:\n"
      "  nutgraf backup /backup/nutgraf-$(date +%F).db && nutgraf verify /backup/nutgraf-$(date "
      "+%F).db");
  auto& destination = run.keep<std::string>();
  auto& config = run.keep<std::string>();
  auto& store = run.keep<std::string>();
  command->add_option("DEST", destination, "The file to write")->required();
  command->add_option("--config", config, "The daemon's configuration: says where the store is");
  command->add_option("--store", store, "The store (default: /var/lib/nutgraf/nutgraf.db)");
  command->callback([&destination, &config, &store, &run] {
    run.exit_code = backup(destination, store, config);
  });
}

}  // namespace nutgraf::tool
