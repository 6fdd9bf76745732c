#include "daemon/service/logging.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>

#include "daemon/base/terminal.h"
#include "daemon/base/utf8.h"
#include "daemon/service/journal.h"
#include "daemon/service/log_pipe.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxValue = 200;

std::optional<spdlog::level::level_enum> level_from(std::string_view name) {
  using spdlog::level::level_enum;
  if (name == "trace") return level_enum::trace;
  if (name == "debug") return level_enum::debug;
  if (name == "info") return level_enum::info;
  if (name == "warn") return level_enum::warn;
  if (name == "error") return level_enum::err;
  return std::nullopt;
}

int priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return LOG_CRIT;
    case spdlog::level::err:
      return LOG_ERR;
    case spdlog::level::warn:
      return LOG_WARNING;
    case spdlog::level::info:
      return LOG_INFO;
    default:
      return LOG_DEBUG;
  }
}

/// To stderr, which may be a pipe that nobody reads.
class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (const std::uint64_t lost = pipe_.take_lost(); lost > 0) {
      const std::string text = "log lost=" + std::to_string(lost) + " reason=\"nobody read it\"";
      spdlog::details::log_msg told = message;
      told.level = spdlog::level::warn;
      told.payload = text;
      pipe_.put(line_of(told));
    }
    pipe_.put(line_of(message));
  }
  void flush_() override { pipe_.flush(); }

 private:
  virtual std::string line_of(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    return {line.data(), line.size()};
  }

  LogPipe pipe_{STDERR_FILENO};
};

/// To the journal, and to stderr as long as nobody listens at its socket.
class JournalSink final : public StderrSink {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view line(message.payload.data(), message.payload.size());
    if (!send_to_journal(priority(message.level), line)) StderrSink::sink_it_(message);
  }
  std::string line_of(const spdlog::details::log_msg& message) override {
    return "<" + std::to_string(priority(message.level)) + ">" +
           std::string(message.payload.data(), message.payload.size()) + "\n";
  }
};

/// $JOURNAL_STREAM names the journal's end by device and inode: it may be inherited by a process
/// whose stderr leads elsewhere. [systemd.exec(5)]
bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat state {};
  if (stream == nullptr || fstat(STDERR_FILENO, &state) != 0) return false;
  return std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino) == stream;
}

std::unique_ptr<spdlog::formatter> formatter() {
  auto out = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (isatty(STDERR_FILENO) == 1) {
    out->set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
  } else {
    out->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ level=%l %v");
  }
  return out;
}

}  // namespace

void setup_logging(std::string_view level) {
  spdlog::sink_ptr sink;
  if (stderr_is_journal()) {
    sink = std::make_shared<JournalSink>();
  } else if (isatty(STDERR_FILENO) == 1) {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        wants_colour(STDERR_FILENO) ? spdlog::color_mode::always : spdlog::color_mode::never);
  } else {
    sink = std::make_shared<StderrSink>();
  }
  auto logger = std::make_shared<spdlog::logger>("", std::move(sink));
  logger->set_formatter(formatter());
  spdlog::set_default_logger(std::move(logger));
  set_log_level(level);
}

void flush_log() { spdlog::default_logger_raw()->flush(); }

bool set_log_level(std::string_view level) {
  const auto value = level_from(level);
  if (value) spdlog::set_level(*value);
  return value.has_value();
}

std::string log_level() {
  switch (spdlog::get_level()) {
    case spdlog::level::trace:
      return "trace";
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
    case spdlog::level::critical:
      return "error";
    default:
      return "info";
  }
}

std::string log_value(std::string_view value) {
  const bool cut = value.size() > kMaxValue;
  value = cut_utf8(value, kMaxValue);
  bool quote = value.empty() || cut;
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", byte);
      out += escape;
      quote = true;
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    quote |= c == ' ' || c == '"' || c == '=';
    out += c;
  }
  if (cut) out += "…";
  return quote ? "\"" + out + "\"" : out;
}

}  // namespace nutgraf
