#include "daemon/base/double_utf8.h"

#include <cstddef>
#include <string_view>

#include "daemon/base/encoding.h"

namespace nutgraf {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// A character that was encoded twice: each of its bytes as a code point of two bytes.
struct Twice {
  std::string once;      ///< Empty: there is none.
  bool control = false;  ///< One of the code points is a C1 control.
};

/// Bytes of the character that begins with `lead` in UTF-8; 0 if none does.
std::size_t bytes_of_lead(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

Twice twice_at(std::string_view text, std::size_t at) {
  if (byte_at(text, at) != 0xC3) return {};
  const auto lead = static_cast<unsigned char>(byte_at(text, at + 1) + 0x40);
  Twice found;
  for (std::size_t k = 0; k < bytes_of_lead(lead); ++k) {
    const unsigned char byte = byte_at(text, at + 2 * k + 1);
    if (k > 0 && byte_at(text, at + 2 * k) != 0xC2) return {};
    found.once += static_cast<char>(k == 0 ? lead : byte);
    found.control = found.control || (k > 0 && byte < 0xA0);
  }
  return is_utf8(found.once) ? found : Twice{};
}

bool proves_double_utf8(std::string_view text) {
  for (std::size_t at = text.find('\xC3'); at != std::string_view::npos;
       at = text.find('\xC3', at + 1)) {
    if (twice_at(text, at).control) return true;
  }
  return false;
}

}  // namespace

std::string undo_double_utf8(std::string text) {
  if (!proves_double_utf8(text)) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Twice found = twice_at(text, at);
    if (found.once.empty()) {
      out += text[at++];
    } else {
      out += found.once;
      at += 2 * found.once.size();
    }
  }
  return out;
}

}  // namespace nutgraf
