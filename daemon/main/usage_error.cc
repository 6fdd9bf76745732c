#include "daemon/main/usage_error.h"

#include <CLI/CLI.hpp>
#include <vector>

#include "daemon/config/units.h"

namespace nutgraf::tool {
namespace {

const CLI::App* chosen(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::string path_of(const CLI::App* command) {
  const CLI::App* const parent = command->get_parent();
  return (parent == nullptr ? "" : path_of(parent) + ' ') + command->get_name();
}

std::vector<std::string> commands_of(const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command->get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string suggested(const std::string& word, const std::vector<std::string>& names) {
  const std::string_view near = nearest(word, names);
  return near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?";
}

/// The first argument that nothing takes.
std::string unexpected(const CLI::App* command, const std::string& word) {
  if (word.starts_with('-')) {
    return "unknown option \"" + word + '"' +
           suggested(word.substr(0, word.find('=')), options_of(command));
  }
  const std::vector<std::string> commands = commands_of(command);
  return (commands.empty() ? "too many arguments: \"" : "unknown command \"") + word + '"' +
         suggested(word, commands);
}

std::string what_is_wrong(const CLI::App* command, const CLI::Error& error) {
  const std::vector<std::string> left = command->remaining();
  if (!left.empty()) return unexpected(command, left.front());
  // Without a word left the only thing that a command with commands can lack is one of them.
  const bool lacks_command =
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !commands_of(command).empty();
  return lacks_command ? "which command?" : error.what();
}

}  // namespace

std::string usage_error(const CLI::App* app, const CLI::Error& error) {
  while (app->get_parent() != nullptr) app = app->get_parent();
  const CLI::App* const command = chosen(app);
  const std::string path = path_of(command);
  return path + ": " + what_is_wrong(command, error) + "\n`" + path + " --help` says how.\n";
}

}  // namespace nutgraf::tool
