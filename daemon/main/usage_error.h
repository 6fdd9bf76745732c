#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace nutgraf::tool {

/// What a command line that cannot be taken is answered with: the command, what is wrong, the name
/// that was perhaps meant, and where help is. For CLI::App::failure_message() of the main command;
/// its subcommands inherit it if they are added later.
std::string usage_error(const CLI::App* app, const CLI::Error& error);

}  // namespace nutgraf::tool
