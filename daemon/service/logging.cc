#include "daemon/service/logging.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "daemon/base/utf8.h"

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

/// %* in a pattern: the syslog priority between angle brackets.
class PriorityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string_view prefix = priority(message.level);
    out.append(prefix.data(), prefix.data() + prefix.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }

 private:
  static std::string_view priority(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::critical:
        return "<2>";
      case spdlog::level::err:
        return "<3>";
      case spdlog::level::warn:
        return "<4>";
      case spdlog::level::info:
        return "<6>";
      default:
        return "<7>";
    }
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
  if (stderr_is_journal()) {
    out->add_flag<PriorityFlag>('*').set_pattern("%*%v");
  } else if (isatty(STDERR_FILENO) == 1) {
    out->set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
  } else {
    out->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ level=%l %v");
  }
  return out;
}

}  // namespace

void setup_logging(std::string_view level) {
  spdlog::sink_ptr sink;
  if (isatty(STDERR_FILENO) == 1) {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto logger = std::make_shared<spdlog::logger>("", std::move(sink));
  logger->set_formatter(formatter());
  spdlog::set_default_logger(std::move(logger));
  set_log_level(level);
}

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
