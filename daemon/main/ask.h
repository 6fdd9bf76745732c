#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace nutgraf::tool {

/// What the subcommands that ask the daemon have in common: where its control socket is, and
/// whether the answer is printed as it came.
struct AskOptions {
  std::string control;  ///< Path of the socket; empty: where a daemon with `config` listens.
  std::string
      config;  ///< Empty: all defaults. Where there is no runtime folder, store.path counts.
  bool json = false;
};

void add_ask_options(CLI::App& command, AskOptions* options);

/// Sends `request` and prints the answer: the line itself with --json, else what `print` makes of
/// it.
/// @return kOk; kSomeFailed if the daemon refused or found nothing (said on stderr); kTemporary if
/// nobody answers; kNoInput or kConfigError if nothing could be read of `config`.
int ask(const AskOptions& options, const nlohmann::json& request,
        const std::function<void(const nlohmann::json&)>& print,
        std::chrono::seconds timeout = std::chrono::seconds(30));

/// The answer itself, for who shows it beside other things; nullopt if there is none that is "ok".
std::optional<nlohmann::json> ask_quietly(const AskOptions& options, const nlohmann::json& request,
                                          std::chrono::seconds timeout);

/// A member as text: strings as they are, numbers and booleans printed, "" if absent.
std::string show(const nlohmann::json& object, const char* key);

}  // namespace nutgraf::tool
