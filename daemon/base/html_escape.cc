#include "daemon/base/html_escape.h"

#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// What a byte becomes; empty for one that stays.
using Escapes = std::array<std::string_view, 256>;

struct Escape {
  char byte;
  std::string_view reference;
};

constexpr Escapes escapes(std::initializer_list<Escape> list) {
  Escapes all{};
  for (const Escape& escape : list) all[static_cast<unsigned char>(escape.byte)] = escape.reference;
  return all;
}

constexpr Escapes kText = escapes({{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}});
constexpr Escapes kAttribute = escapes({{'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}});
constexpr Escapes kAnywhere =
    escapes({{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}});
constexpr Escapes kTextWithLines =
    escapes({{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\n', "<br>\n"}});

void append_escaped(std::string& out, std::string_view text, const Escapes& with) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view reference = with[static_cast<unsigned char>(text[i])];
    if (reference.empty()) continue;
    out.append(text.substr(copied, i - copied)).append(reference);
    copied = i + 1;
  }
  out.append(text.substr(copied));
}

}  // namespace

void append_html_text(std::string& out, std::string_view text) { append_escaped(out, text, kText); }

void append_html_attribute(std::string& out, std::string_view value) {
  append_escaped(out, value, kAttribute);
}

std::string escape_html(std::string_view text) {
  std::string out;
  append_escaped(out, text, kAnywhere);
  return out;
}

std::string html_of_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  append_escaped(out, trim(text), kTextWithLines);
  return out;
}

}  // namespace nutgraf
