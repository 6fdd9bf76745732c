// nutgrafd: the daemon. Reads its settings, composes the app, and waits for signals.
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "daemon/app/access.h"
#include "daemon/app/app.h"
#include "daemon/app/control_handler.h"
#include "daemon/app/status_view.h"
#include "daemon/config/config.h"
#include "daemon/main/descriptors.h"
#include "daemon/main/exit_code.h"
#include "daemon/main/output.h"
#include "daemon/main/usage_error.h"
#include "daemon/service/control.h"
#include "daemon/service/logging.h"
#include "daemon/service/metrics.h"
#include "daemon/service/status_http.h"
#include "daemon/service/systemd.h"

namespace nutgraf {
namespace {

/// A start takes 44, with one endpoint each. What is beyond is for feeds and subscribers, who wait
/// where none is left.
constexpr unsigned kLeastDescriptors = 64;

struct Arguments {
  std::string config = "/etc/nutgraf/nutgraf.toml";
  bool check = false;
  bool print = false;
};

int exit_code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kBadConfig:
      return tool::kConfigError;
    case ErrorCode::kTransient:
    case ErrorCode::kRefused:
      return tool::kTemporary;
    default:
      return tool::kSomeFailed;
  }
}

int complain(const Error& error) {
  std::fprintf(stderr, "nutgrafd: %s\n", error.message.c_str());
  return exit_code_of(error);
}

/// Signals come as reads, on main alone: every other thread inherits the block.
class Signals {
 public:
  Signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // A file at its limit is a failed write, as a full disk is.
    fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~Signals() { close(fd_); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The next signal; 0 if none came within `timeout`.
  int wait(std::chrono::milliseconds timeout) const {
    pollfd poller{fd_, POLLIN, 0};
    if (poll(&poller, 1, static_cast<int>(timeout.count())) <= 0) return 0;
    signalfd_siginfo info{};
    return read(fd_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  int fd_ = -1;
};

std::string status_line(const App& app) {
  const Metrics& metrics = app.metrics();
  const Health health = health_of(app);
  return (health.ok ? "" : "NOT WELL: " + health.text + "; ") +
         std::to_string(metrics.feeds.get()) + " feeds, " +
         std::to_string(metrics.stories_published.get()) + " stories, " +
         std::to_string(metrics.stories_duplicate.get()) + " duplicates since the start";
}

void reload(App& app) {
  notify_reloading();
  (void)app.reload();  // It logs what came of it.
  notify_ready(status_line(app));
}

/// Ends the process at once on a second SIGTERM or SIGINT: whatever holds up the drain, a restart
/// mends it.
std::jthread second_signal_exits(const Signals& signals) {
  return std::jthread([&signals](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const int signal = signals.wait(std::chrono::milliseconds(100));
      if (signal == SIGTERM || signal == SIGINT) _exit(tool::kSomeFailed);
    }
  });
}

int serve(App& app, const Signals& signals) {
  constexpr std::chrono::seconds kStuckAfter{60};
  const auto interval = watchdog_interval();
  const auto beat = interval ? std::chrono::duration_cast<std::chrono::milliseconds>(*interval / 3)
                             : std::chrono::milliseconds(5000);
  notify_ready(status_line(app));
  for (;;) {
    const int signal = signals.wait(std::min(beat, std::chrono::milliseconds(5000)));
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) reload(app);
    if (app.damage()) break;
    flush_log();
    if (const auto thread = app.stuck(kStuckAfter)) {
      spdlog::error("watchdog thread={} busy for over {} s", *thread, kStuckAfter.count());
    } else {
      notify_watchdog();
    }
    notify_status(status_line(app));
  }
  notify_stopping("draining");
  const std::jthread impatient = second_signal_exits(signals);
  spdlog::info("stopping: draining what is in flight; a second signal ends at once");
  app.stop();
  spdlog::info("stopped messages={}", app.metrics().messages.get());
  if (const std::optional<Error> damage = app.damage()) return complain(*damage);
  return tool::kOk;
}

int run(const Arguments& arguments) {
  std::error_code error;
  const auto type = std::filesystem::status(arguments.config, error).type();
  if (type == std::filesystem::file_type::not_found) {
    std::fprintf(stderr, "nutgrafd: no such file: %s (--config names another)\n",
                 arguments.config.c_str());
    return tool::kNoInput;
  }
  Result<Config> config = load_config(arguments.config);
  if (!config) return complain(config.error());
  if (arguments.check) {
    for (const std::string& warning : warnings(*config)) {
      std::fprintf(stderr, "warning: %s\n", warning.c_str());
    }
    std::printf("%s: well, %zu feed%s\n", arguments.config.c_str(), config->feeds.size(),
                config->feeds.size() == 1 ? "" : "s");
    return tool::finish_output(tool::kOk);
  }
  if (arguments.print) {
    std::fputs(print_config(*config).c_str(), stdout);
    return tool::finish_output(tool::kOk);
  }
  if (const Result<void> enough = tool::need_descriptors(kLeastDescriptors); !enough) {
    return complain(enough.error());
  }
  setup_logging(config->log.level);
  const Signals signals;
  const std::string control_at = control_path(*config);
  const StatusOptions status_with = status_options(*config);
  Result<std::unique_ptr<App>> app =
      App::create(*std::move(config), arguments.config, NUTGRAF_VERSION);
  if (!app) return complain(app.error());

  Result<std::unique_ptr<ControlHandler>> handler = ControlHandler::create(**app);
  if (!handler) return complain(handler.error());
  const Result<std::unique_ptr<ControlServer>> control = ControlServer::open(
      control_at, [&](const std::string& line) { return (*handler)->answer(line); });
  if (!control) return complain(control.error());
  Result<std::unique_ptr<StatusView>> view;
  Result<std::unique_ptr<StatusServer>> status;
  if (!status_with.listen.empty()) {
    view = StatusView::create(**app);
    if (!view) return complain(view.error());
    status = StatusServer::open(status_with, (*view)->pages(), (*app)->committed());
    if (!status) return complain(status.error());
  }
  (*app)->start();
  spdlog::info("started version={} feeds={} live={} sync={}", NUTGRAF_VERSION,
               (*app)->metrics().feeds.get(), (*app)->live_endpoints().front(),
               (*app)->sync_endpoints().front());
  return serve(**app, signals);
}

/// Where one of the first three is closed (`2>&-`), the next socket or file would have its number,
/// and what goes to the log would go into it.
void hold_standard_descriptors() {
  int held = open("/dev/null", O_RDWR);
  while (held >= 0 && held <= STDERR_FILENO) held = open("/dev/null", O_RDWR);
  if (held > STDERR_FILENO) close(held);
}

/// A body, a tree or a text of that size is given back to the system when it is freed. glibc would
/// raise the limit to the largest that it has seen, and from then on keep such blocks in the heap
/// of whichever thread needed one: a single document of 8 MB stays resident in each.
void give_large_blocks_back() {
  constexpr int kLarge = 256 << 10;
  mallopt(M_MMAP_THRESHOLD, kLarge);
  mallopt(M_TRIM_THRESHOLD, 2 * kLarge);
}

}  // namespace
}  // namespace nutgraf

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): only a defect escapes.
  using namespace nutgraf;
  hold_standard_descriptors();
  give_large_blocks_back();
  Arguments arguments;
  CLI::App app{
      "nutgrafd: polls feeds, fetches and cleans their articles, drops what was published before,\n"
      "gathers reports of one event, and publishes stories with summaries on ZeroMQ.\n\n"
      "  nutgrafd --config config/nutgraf.toml\n\n"
      "SIGHUP reads the configuration again, SIGTERM drains and stops. Logs go to stderr.\n"
      "`nutgraf tail` shows what it publishes, `nutgraf status` how it fares.",
      "nutgrafd"};
  app.failure_message(tool::usage_error);
  app.add_option("--config", arguments.config,
                 "The configuration file (TOML); nutgraf.d/*.toml beside it is read too")
      ->capture_default_str();
  app.add_flag("--check-config", arguments.check,
               "Check the configuration, list all problems, and end");
  app.add_flag("--print-config", arguments.print,
               "Print what is in force and where each value came from, and end");
  app.set_version_flag("--version", "nutgrafd " NUTGRAF_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? tool::kOk : tool::kUsage;
  }
  return run(arguments);
}
