#include "summarizer/posts.h"

#include <algorithm>
#include <optional>

namespace nutgraf::summarizer {
namespace {

constexpr std::size_t kMaxName = 60;
constexpr std::size_t kMaxHandle = 64;
/// Bytes behind a handle in which the year stands: "September 12, 2020", "12. September 2020".
constexpr std::size_t kMaxDate = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_of_handle(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' ||
         c == '-' || c == '@';
}

std::string_view line_at(std::string_view text, std::size_t begin) {
  const std::size_t end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

/// Behind the date that `line` begins with, which has a day and a year: "June 9, 2020", "9 de junio
/// de 2020"; 0 if it begins with none.
std::size_t end_of_date(std::string_view line) {
  line = line.substr(0, kMaxDate);
  const std::size_t month = line.find_first_not_of(' ');
  const std::size_t digit = line.find_first_of("0123456789");
  if (digit == std::string_view::npos) return 0;
  // One word at most is before them: not "said on June 9, 2020".
  if (std::ranges::count(line.substr(month, digit - month), ' ') > 1) return 0;
  bool day = false;
  bool year = false;
  for (std::size_t i = digit; i < line.size(); ++i) {
    const std::size_t begin = i;
    while (i < line.size() && is_digit(line[i])) ++i;
    day = day || i == begin + 1 || i == begin + 2;
    year = year || i == begin + 4;
    if (day && year) return i;
  }
  return 0;
}

/// Where the name before `end` begins, and whether a dash stands before it.
struct Name {
  std::size_t begin = 0;
  bool dash = false;
};
std::optional<Name> name_before(std::string_view text, std::size_t end) {
  constexpr std::string_view kDashes[] = {"— ", "– ", "- ", "—", "–"};
  const std::size_t least = end > kMaxName ? end - kMaxName : 0;
  for (std::size_t begin = end; begin > least; --begin) {
    const std::string_view before = text.substr(0, begin);
    if (before.ends_with('\n')) return Name{begin, false};
    const auto dash = std::ranges::find_if(
        kDashes, [&](std::string_view mark) { return before.ends_with(mark); });
    // Within a word, as in "Ocasio-Cortez", it has no space behind it.
    if (dash != std::end(kDashes)) return Name{begin - dash->size(), true};
  }
  return least == 0 ? std::optional(Name{}) : std::nullopt;
}

/// The signature whose handle's bracket opens at `bracket`.
std::optional<Stretch> signature_at(std::string_view text, std::size_t bracket) {
  std::size_t end = bracket + 2;
  while (end < text.size() && end - bracket < kMaxHandle && is_of_handle(text[end])) ++end;
  if (end == bracket + 2 || end >= text.size() || text[end] != ')') return std::nullopt;
  ++end;
  const std::string_view rest = line_at(text, end);
  const std::optional<Name> name = name_before(text, bracket);
  if (!name) return std::nullopt;
  if (const std::size_t date = end_of_date(rest); date > 0) return Stretch{name->begin, end + date};
  const bool last = rest.find_first_not_of(" \r\t") == std::string_view::npos;
  return last && name->dash ? std::optional(Stretch{name->begin, end}) : std::nullopt;
}

/// Where the post begins that is signed at `signature`, and not before `from`.
std::size_t begin_of_post(std::string_view text, std::size_t signature, std::size_t from) {
  const std::string_view before = text.substr(from, signature - from);
  const std::size_t last = before.find_last_not_of(" \r\t\n");
  if (last == std::string_view::npos) return signature;
  const std::size_t newline = before.substr(0, last).rfind('\n');
  const std::size_t begin = from + (newline == std::string_view::npos ? 0 : newline + 1);
  return signature - begin <= kMaxPost ? begin : signature;
}

}  // namespace

std::vector<Stretch> find_posts(std::string_view text) {
  std::vector<Stretch> posts;
  std::size_t from = 0;
  for (std::size_t at = text.find("(@"); at != std::string_view::npos; at = text.find("(@", at)) {
    const std::optional<Stretch> signature = signature_at(text, at);
    at += 2;
    if (!signature || signature->begin < from) continue;
    posts.push_back({begin_of_post(text, signature->begin, from), signature->end});
    from = signature->end;
  }
  return posts;
}

}  // namespace nutgraf::summarizer
