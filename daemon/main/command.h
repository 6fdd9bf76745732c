#pragma once

#include <any>
#include <list>
#include <utility>

#include "daemon/main/exit_code.h"

namespace CLI {
class App;
}

namespace nutgraf::tool {

/// One run of the tool: what the command line is read into, and how the run ended. main() owns it,
/// and it outlives the CLI::App whose options and callbacks refer to it.
class Run {
 public:
  /// A place for what a subcommand's options are read into, that lasts as long as the run.
  template <typename T>
  T& keep(T value = {}) {
    return std::any_cast<T&>(kept_.emplace_back(std::move(value)));
  }

  int exit_code = kOk;

 private:
  std::list<std::any> kept_;  // A list, because what is kept must not move.
};

/// Adds one subcommand to the tool: its options, its help, and a callback that sets run.exit_code
/// when it was chosen. One function a subcommand, each in a file of its own (cmd_parse.cc, …),
/// listed in nutgraf.cc.
using AddCommand = void (*)(CLI::App& app, Run& run);

}  // namespace nutgraf::tool
