// nutgraf tail: follow what a daemon publishes, without missing anything.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/base/port.h"
#include "daemon/base/read_file.h"
#include "daemon/base/terminal.h"
#include "daemon/client/subscriber.h"
#include "daemon/main/ask.h"
#include "daemon/main/command.h"
#include "daemon/main/descriptors.h"
#include "daemon/main/filter.h"
#include "daemon/main/key_file.h"
#include "daemon/main/since.h"
#include "daemon/main/tail_view.h"
#include "daemon/model/topic.h"

namespace nutgraf::tool {
namespace {

using std::chrono::milliseconds;

/// How soon a signal or a closed pipe is noticed while nothing arrives.
constexpr milliseconds kIdle{200};

/// What a number of JSON holds for every client, and so the server takes.
constexpr std::int64_t kLastSequence = (std::int64_t{1} << 53) - 1;
/// The cursor is written no more often: what comes twice after a crash is a second's worth.
constexpr std::chrono::seconds kSaveInterval{1};

/// Of files that may be open: libzmq takes 14.
constexpr unsigned kLeastDescriptors = 32;

struct TailArguments {
  std::string endpoint = "tcp://127.0.0.1:5556";
  std::string sync;
  std::string server_key;
  std::string key;
  std::vector<std::string> topics;
  std::int64_t after = -1;
  std::string since;
  std::string cursor_file;
  AskOptions ask;
  bool all = false;
  bool snapshot = false;
  bool json = false;
  bool no_follow = false;
};

int complain(const std::string& message, int code) {
  std::fprintf(stderr, "nutgraf tail: %s\n", message.c_str());
  return code;
}

std::string endpoint_of(const std::string& given) {
  return given.find("://") == std::string::npos ? "tcp://" + given : given;
}

/// libzmq's own word for an address without a port is "Invalid argument".
std::string check_endpoint(const std::string& given) {
  const std::string endpoint = endpoint_of(given);
  const auto colon = endpoint.rfind(':');
  const bool tcp = endpoint.starts_with("tcp://") && colon > 6 &&
                   parse_port(std::string_view(endpoint).substr(colon + 1)).value_or(0) > 0;
  const bool ipc = endpoint.starts_with("ipc://") && endpoint.size() > 6;
  return tcp || ipc ? "" : given + " is no host:port, tcp://host:port or ipc://path";
}

Result<std::optional<Cursor>> load_cursor(const std::string& path) {
  if (path.empty() || !std::filesystem::exists(path)) return std::nullopt;
  constexpr std::size_t kMost = std::size_t{4} << 10;
  const Result<std::string> content = read_file(path, {.most = kMost});
  if (!content) {
    return fail(content.error().code, "cannot read " + path + ": " + content.error().message);
  }
  const auto cursor = read_cursor(*content);
  if (!cursor) {
    return fail(ErrorCode::kMalformed, path + " holds no cursor; remove it to begin anew");
  }
  return *cursor;
}

/// Beside the file, synced, then renamed over it: a crash leaves the old cursor or the new one.
bool save_cursor(const std::string& path, const Cursor& cursor) {
  const std::string beside = path + ".new";
  const std::string content = to_json(cursor) + "\n";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return false;
  const bool written =
      ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      ::fsync(file) == 0;
  return (::close(file) == 0) && written && std::rename(beside.c_str(), path.c_str()) == 0;
}

/// Whether save_cursor() can write beside it: said before anything is printed, not after hours.
Result<void> check_cursor(const std::string& path) {
  if (path.empty()) return {};
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return fail(ErrorCode::kRefused, "cannot write " + beside + ": " + std::strerror(errno));
  }
  ::close(file);
  ::unlink(beside.c_str());
  return {};
}

/// SIGINT and SIGTERM, asked for instead of delivered.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  bool arrived() const {
    const timespec at_once{};
    return sigtimedwait(&set_, nullptr, &at_once) > 0;
  }

 private:
  sigset_t set_{};
};

bool output_closed() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

/// Asked for each message: a window may be resized.
TailLook look_of(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) != 1) return {.width = 0, .colour = false};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return {.width = known ? size.ws_col : std::size_t{80}, .colour = wants_colour(descriptor)};
}

/// The last line of the screen while nothing happens: pages that wait for their hosts, as the
/// daemon on this machine says. Wiped before anything is printed. On a terminal only.
class WaitingLine {
 public:
  explicit WaitingLine(const AskOptions& ask) : ask_(ask) {}

  /// Asks at most every kAskInterval, and seldom where nobody answers.
  void refresh() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    const auto answer = ask_quietly(ask_, {{"cmd", "waiting"}}, std::chrono::seconds(1));
    next_ = now + (answer ? kAskInterval : kAskInVain);
    wipe();
    if (!answer) return;
    const std::string line = TailView::waiting(*answer, look_of(STDOUT_FILENO));
    shown_ = !line.empty();
    std::cout << line << std::flush;
  }

  void wipe() {
    if (std::exchange(shown_, false)) std::cout << "\r\033[K" << std::flush;
  }

 private:
  static constexpr std::chrono::seconds kAskInterval{2};
  static constexpr std::chrono::seconds kAskInVain{60};

  const AskOptions& ask_;
  std::chrono::steady_clock::time_point next_;
  bool shown_ = false;
};

/// Who does not follow does not wait for a daemon either: what to say instead of the notice. Empty:
/// it is of something else.
std::string silence_of(const Notice& notice, const TailArguments& arguments) {
  if (notice.kind == Notice::Kind::kStale) {
    return "the sync endpoint of " + arguments.endpoint + " does not answer";
  }
  if (notice.kind != Notice::Kind::kWaiting) return "";
  // One that is encrypted says nothing to strangers.
  return "nobody answers at " + arguments.endpoint + ": no daemon, its sync socket, or one that " +
         (arguments.server_key.empty()
              ? "wants a key (--server-key, --key)"
              : "does not admit this key, or has another than --server-key");
}

class Tail {
 public:
  Tail(const TailArguments& arguments, std::unique_ptr<Subscriber> subscriber)
      : arguments_(arguments), subscriber_(std::move(subscriber)), waiting_(arguments.ask) {}

  int run(const StopSignals& signals) {
    while (!done_ && !signals.arrived() && !output_closed()) {
      // What is there is printed as one; only before waiting is it flushed.
      auto delivery = subscriber_->next(milliseconds(0));
      if (delivery && !*delivery) {
        if (!keep()) break;
        if (shows_waiting_) waiting_.refresh();
        delivery = subscriber_->next(kIdle);
      }
      if (!delivery) {
        waiting_.wipe();
        code_ = complain(delivery.error().message, kSomeFailed);
        break;
      }
      if (*delivery) {
        waiting_.wipe();
        show(**delivery);
      }
      if (!std::cout) break;
    }
    waiting_.wipe();
    last_save_ = {};
    keep();
    return code_ == kOk && unsaved_ ? kSomeFailed : code_;
  }

 private:
  void show(const Delivery& delivery) {
    if (const auto* message = std::get_if<Message>(&delivery)) {
      std::cout << (arguments_.json ? message->body + "\n"
                                    : view_.message(message->body, look_of(STDOUT_FILENO)));
      return;
    }
    const Notice& notice = std::get<Notice>(delivery);
    if (notice.kind == Notice::Kind::kCaughtUp) {
      done_ = arguments_.no_follow;
      return;
    }
    std::cout.flush();
    const std::string silence = arguments_.no_follow ? silence_of(notice, arguments_) : "";
    if (!silence.empty()) {
      code_ = complain(silence, kTemporary);
      done_ = true;
      return;
    }
    const TailLook look = look_of(STDERR_FILENO);
    std::fputs(TailView::notice(notice.text, look).c_str(), stderr);
  }

  /// Flushes, then saves the cursor if that is due: never before the output. False: nobody reads.
  bool keep() {
    std::cout.flush();
    if (!std::cout) return false;
    const Cursor& cursor = subscriber_->cursor();
    const auto now = std::chrono::steady_clock::now();
    const bool due = !arguments_.cursor_file.empty() && !cursor.epoch.empty() && cursor != saved_ &&
                     now - last_save_ >= kSaveInterval;
    if (!due) return true;
    last_save_ = now;
    unsaved_ = !save_cursor(arguments_.cursor_file, cursor);
    if (!unsaved_) saved_ = cursor;
    if (unsaved_ && !std::exchange(told_unsaved_, true)) {
      complain("cannot write " + arguments_.cursor_file, kSomeFailed);
    }
    return true;
  }

  const TailArguments& arguments_;
  const std::unique_ptr<Subscriber> subscriber_;
  TailView view_;
  WaitingLine waiting_;
  const bool shows_waiting_ =
      !arguments_.json && !arguments_.no_follow && ::isatty(STDOUT_FILENO) == 1;
  bool done_ = false;
  int code_ = kOk;
  bool unsaved_ = false;  // The cursor, at the last try.
  bool told_unsaved_ = false;
  Cursor saved_;
  std::chrono::steady_clock::time_point last_save_;
};

Result<StartAt> start_of(const TailArguments& arguments) {
  const auto stored = load_cursor(arguments.cursor_file);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) return StartAt(**stored);
  if (arguments.all) return StartAt(FromOldest{});
  if (arguments.snapshot) return StartAt(FromSnapshot{});
  if (arguments.after >= 0) return StartAt(FromSequence{arguments.after});
  if (arguments.since.empty()) return StartAt(FromNow{});
  const auto since = moment(arguments.since, SystemClock().utc());
  if (!since) {
    return fail(ErrorCode::kBadConfig,
                "--since takes a span such as 90s, 30m, 2h or 1d, or a time such as 10:00, today, "
                "yesterday, \"2026-11-21 10:00\" or 2026-11-21T10:00:00Z");
  }
  return StartAt(FromTime{*since});
}

Result<CurveIdentity> identity_of(const TailArguments& arguments) {
  if (arguments.server_key.empty()) return CurveIdentity{};
  Result<std::string> server = read_key(arguments.server_key, KeyKind::kPublic);
  if (!server) return tl::unexpected(server.error());
  Result<std::string> own = read_key(arguments.key, KeyKind::kSecret);
  if (!own) return tl::unexpected(own.error());
  return CurveIdentity{*std::move(server), *std::move(own)};
}

int tail(const TailArguments& arguments) {
  auto start = start_of(arguments);
  if (!start) {
    return complain(start.error().message,
                    start.error().code == ErrorCode::kBadConfig ? kUsage : kSomeFailed);
  }
  if (const Result<void> writable = check_cursor(arguments.cursor_file); !writable) {
    return complain(writable.error().message, kSomeFailed);
  }
  const Result<CurveIdentity> curve = identity_of(arguments);
  if (!curve) return complain(curve.error().message, kUsage);
  if (const Result<void> enough = need_descriptors(kLeastDescriptors); !enough) {
    return complain(enough.error().message, kConfigError);
  }
  const StopSignals signals;  // Before the threads of ZeroMQ start.
  auto subscriber = Subscriber::connect(
      {.live = endpoint_of(arguments.endpoint),
       .sync = arguments.sync.empty() ? std::string() : endpoint_of(arguments.sync),
       .prefixes = arguments.topics,
       .start = *start,
       .curve = *curve});
  if (!subscriber) return complain(subscriber.error().message, kUsage);
  return Tail(arguments, std::move(*subscriber)).run(signals);
}

}  // namespace

void add_tail(CLI::App& app, Run& run) {
  auto& arguments = run.keep<TailArguments>();
  CLI::App* command = app.add_subcommand("tail", "Follow what a daemon publishes, missing nothing");
  command->footer(
      "Messages lost on the way are noticed, fetched and printed; what happened is told on "
      "stderr.\n"
      "Topics are story.LANGUAGE.CATEGORY., event.LANGUAGE.CATEGORY. and feed.ID.; a prefix picks\n"
      "some of them. The cursor file is written after the output, so a run that is resumed misses\n"
      "nothing and may repeat a second's worth.\n\n"
      "Examples:\n"
      "  nutgraf tail                                 # everything, from now on\n"
      "  nutgraf tail --topic story.en. --since 2h    # stories in English of the last two hours,\n"
      "                                               # then live\n"
      "  nutgraf tail --topic event.                  # how events grow\n"
      "  nutgraf tail --all --no-follow --json        # the whole log, one JSON object a line\n"
      "  nutgraf tail --json --cursor my.cursor | ./consumer   # resumes where it was stopped");
  command
      ->add_option("ENDPOINT", arguments.endpoint,
                   "Live endpoint: host:port, tcp://… or ipc://… (default: 127.0.0.1:5556)")
      ->type_name("")
      ->check(check_endpoint);
  command->add_option("--topic", arguments.topics, "Only topics that begin so; may be repeated")
      ->type_name("PREFIX")
      ->check([](const std::string& prefix) {
        return is_topic_prefix(prefix) ? "" : "at most 256 of a-z 0-9 . - _";
      })
      ->allow_extra_args(false);  // What follows is the endpoint.
  CLI::Option* after =
      command->add_option("--after", arguments.after, "Begin after this sequence number")
          ->type_name("SEQ")
          ->check(CLI::Range(std::int64_t{0}, kLastSequence).description(""));
  CLI::Option* since =
      command
          ->add_option("--since", arguments.since,
                       "Begin so long ago (2h, 30m), or at a time (10:00, yesterday, 2026-11-21)")
          ->type_name("TIME");
  CLI::Option* all =
      command->add_flag("--all", arguments.all, "Begin with the oldest message that is kept");
  CLI::Option* snapshot =
      command->add_flag("--snapshot", arguments.snapshot, "Begin with every live event as it is");
  after->excludes(since)->excludes(all)->excludes(snapshot);
  since->excludes(all)->excludes(snapshot);
  all->excludes(snapshot);
  command
      ->add_option("--cursor", arguments.cursor_file,
                   "Begin where this file says, if it exists, and keep it up to date")
      ->type_name("FILE");
  command->add_flag("--json", arguments.json, "The messages as published, one a line");
  command->add_flag("--no-follow", arguments.no_follow,
                    "Stop when all that is there was printed, or after 5 s without an answer");
  command
      ->add_option("--sync", arguments.sync,
                   "Sync endpoint, where the one that the daemon names cannot be reached")
      ->type_name("ENDPOINT")
      ->check(check_endpoint);
  command->add_option("--control", arguments.ask.control,
                      "The daemon's control socket, which says what is to come (default: "
                      "/run/nutgraf/control.sock)");
  CLI::Option* server_key = command
                                ->add_option("--server-key", arguments.server_key,
                                             "Where the daemon is encrypted: its public key, or a "
                                             "file that holds it")
                                ->type_name("KEY");
  CLI::Option* key =
      command
          ->add_option("--key", arguments.key,
                       "The file of our own secret key, as `nutgraf keygen` wrote it")
          ->type_name("FILE");
  server_key->needs(key);
  key->needs(server_key);
  command->callback([&arguments, &run] { run.exit_code = tail(arguments); });
}

}  // namespace nutgraf::tool
