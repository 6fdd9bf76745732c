#include "daemon/main/ask.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "daemon/config/config.h"
#include "daemon/main/filter.h"
#include "daemon/main/places.h"
#include "daemon/service/control.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

/// Where a daemon with this configuration listens. A service's own commands run with its
/// $RUNTIME_DIRECTORY; an operator's shell does not have it, and then a store in the service's
/// place may be the service's, or that of a daemon which was started by hand. A store elsewhere is
/// never the service's: what is asked of that daemon must not reach another.
std::string socket_of(const Config& config) {
  constexpr const char* kService = "/run/nutgraf/control.sock";
  const bool told = !config.control.path.empty() || std::getenv("RUNTIME_DIRECTORY") != nullptr;
  std::string beside = control_path(config);
  if (told || config.store.path != Config().store.path) return beside;
  std::error_code error;
  const bool by_hand =
      !std::filesystem::exists(kService, error) && !error && std::filesystem::exists(beside, error);
  return by_hand ? beside : kService;
}

Result<std::string> socket_path(const AskOptions& options) {
  if (!options.control.empty()) return options.control;
  if (options.config.empty()) return socket_of({});
  return config_for_places(options.config).map(socket_of);
}

/// Whatever bytes a command line has: the daemon knows nothing by what is no UTF-8, and says so.
std::string line_of(const Json& request) {
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* remedy(ErrorCode code) {
  if (code == ErrorCode::kGone) {
    return "; no daemon is there: if one runs, --control PATH or --config FILE says where";
  }
  if (code == ErrorCode::kRefused) return "; only root and the daemon's own user and group may ask";
  return "";
}

int complain(const std::string& what) {
  std::fprintf(stderr, "nutgraf: %s\n", what.c_str());
  return kSomeFailed;
}

}  // namespace

void add_ask_options(CLI::App& command, AskOptions* options) {
  command.add_option("--control", options->control,
                     "The daemon's control socket (default: /run/nutgraf/control.sock)");
  command.add_option("--config", options->config, "The daemon's configuration: says where it is");
  command.add_flag("--json", options->json, "Print the answer as one line of JSON");
}

int ask(const AskOptions& options, const Json& request,
        const std::function<void(const Json&)>& print, std::chrono::seconds timeout) {
  const Result<std::string> path = socket_path(options);
  if (!path) {
    complain(path.error().message);
    return path.error().code == ErrorCode::kGone ? kNoInput : kConfigError;
  }
  const Result<std::string> line = control_request(*path, line_of(request), timeout);
  if (!line) {
    complain(line.error().message + remedy(line.error().code));
    return kTemporary;
  }
  const Json answer = Json::parse(*line, nullptr, false);
  if (!answer.is_object()) return complain("the daemon's answer is no JSON object");
  if (options.json) std::cout << *line << '\n';
  if (!answer.value("ok", false)) return complain(answer.value("error", "refused"));
  // What was looked for is not there: no mishap, but no finding either, as with grep.
  if (answer.contains("nothing")) return complain(show(answer, "nothing"));
  try {
    if (!options.json) print(answer);
  } catch (const Json::exception& error) {
    return complain(std::string("the daemon's answer is not as expected: ") + error.what());
  }
  std::cout.flush();
  return kOk;
}

std::optional<Json> ask_quietly(const AskOptions& options, const Json& request,
                                std::chrono::seconds timeout) {
  const Result<std::string> path = socket_path(options);
  if (!path) return std::nullopt;
  const Result<std::string> line = control_request(*path, line_of(request), timeout);
  if (!line) return std::nullopt;
  Json answer = Json::parse(*line, nullptr, false);
  if (!answer.is_object() || answer.value("ok", false) != true) return std::nullopt;
  return answer;
}

std::string show(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_boolean()) return found->get<bool>() ? "yes" : "no";
  return found->dump();
}

}  // namespace nutgraf::tool
