#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include "daemon/app/access.h"
#include "daemon/config/config.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {
namespace {

int check(const std::string& path, bool print) {
  std::error_code error;
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) {
    std::fprintf(stderr, "nutgraf: no such file: %s\n", path.c_str());
    return kNoInput;
  }
  Config config;
  const auto problems = check_config(path, &config);
  for (const ConfigProblem& problem : problems) {
    std::fprintf(stderr, "%s\n", problem.str().c_str());
  }
  if (!problems.empty()) return kConfigError;
  for (const std::string& warning : warnings(config)) {
    std::fprintf(stderr, "warning: %s\n", warning.c_str());
  }
  if (print) {
    std::cout << print_config(config);
  } else {
    std::cout << path << ": well, " << config.feeds.size()
              << (config.feeds.size() == 1 ? " feed\n" : " feeds\n");
  }
  return kOk;
}

}  // namespace

void add_check_config(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "check-config",
      "Read a configuration as the daemon would and name all that is wrong with it");
  command->footer(
      "A file of a secret or a certificate that cannot be read is a warning: the service may read\n"
      "as another user, or have it from systemd (LoadCredential=).");
  auto& path = run.keep<std::string>("/etc/nutgraf/nutgraf.toml");
  bool& print = run.keep<bool>();
  command->add_option("FILE", path, "Configuration (its nutgraf.d/*.toml are read too)")
      ->capture_default_str();
  command->add_flag("--print", print, "Print what would be in force, and where each value is from");
  command->callback([&path, &print, &run] { run.exit_code = check(path, print); });
}

}  // namespace nutgraf::tool
