// Lines of ours would all be of the one place that sends them.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "daemon/service/journal.h"

#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nutgraf {
namespace {

bool is_key_character(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

/// The name of the pair that `text` begins with; empty if it begins with none.
std::string_view key_of(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_key_character);
  return end != text.end() && *end == '=' && text.front() != '_'
             ? text.substr(0, static_cast<std::size_t>(end - text.begin()))
             : std::string_view();
}

/// Takes a value off the front of `text`, up to a blank or, if it is quoted, to the closing mark.
std::string take_value(std::string_view& text) {
  const bool quoted = text.starts_with('"');
  std::size_t at = quoted ? 1 : 0;
  std::string value;
  for (; at < text.size() && text[at] != (quoted ? '"' : ' '); ++at) {
    if (quoted && text[at] == '\\' && at + 1 < text.size()) {
      const char next = text[at + 1];
      if (next == '"' || next == '\\') ++at;
    }
    value += text[at];
  }
  text.remove_prefix(std::min(text.size(), at + (quoted ? 1 : 0)));
  return value;
}

std::string field(std::string_view key, std::string_view value) {
  std::string out = "NUTGRAF_";
  for (const char c : key) out += c == '_' ? '_' : static_cast<char>(c - 'a' + 'A');
  out += '=';
  return out.append(value);
}

iovec part(const std::string& text) {
  return {const_cast<char*>(text.data()), text.size()};  // Only read [writev(2)].
}

}  // namespace

std::vector<std::string> journal_fields(std::string_view message) {
  std::vector<std::string> fields;
  while (!message.empty() && fields.size() < kMaxJournalFields) {
    if (const std::string_view key = key_of(message); !key.empty()) {
      message.remove_prefix(key.size() + 1);
      std::string value = take_value(message);
      fields.push_back(field(key, value));
    }
    const std::size_t blank = message.find(' ');
    message.remove_prefix(blank == std::string_view::npos ? message.size() : blank + 1);
  }
  return fields;
}

bool send_to_journal(int priority, std::string_view message) {
  // Without the socket sd_journal_sendv() reports success, and the line is gone.
  if (access("/run/systemd/journal/socket", W_OK) != 0) return false;
  std::vector<std::string> fields = journal_fields(message);
  fields.push_back("MESSAGE=" + std::string(message));
  fields.push_back("PRIORITY=" + std::to_string(priority));
  fields.emplace_back("SYSLOG_IDENTIFIER=nutgrafd");
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (const std::string& each : fields) parts.push_back(part(each));
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace nutgraf
