#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace nutgraf {

/// "9556" as a number from 0 to 65535; nullopt for anything else.
inline std::optional<int> parse_port(std::string_view text) {
  int port = -1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  const bool whole = error == std::errc() && stop == end;
  return whole && port >= 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

}  // namespace nutgraf
