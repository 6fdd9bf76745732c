#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace nutgraf::tool {

/// Adds one subcommand to the tool: its options, its help, and a callback that sets *exit_code when
/// it was chosen. One function a subcommand, each in a file of its own (cmd_parse.cc, …), listed in
/// nutgraf.cc.
using AddCommand = void (*)(CLI::App& app, int* exit_code);

}  // namespace nutgraf::tool
