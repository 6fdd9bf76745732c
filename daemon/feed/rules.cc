#include "daemon/feed/rules.h"

#include <unicode/regex.h>
#include <unicode/ucasemap.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/base/encoding.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

enum class Field { kTitle, kUrl, kTag, kAuthor, kText };
enum class Operator { kFinds, kEquals, kBegins };

constexpr std::array<std::pair<std::string_view, Field>, 5> kFields{{{"title", Field::kTitle},
                                                                     {"url", Field::kUrl},
                                                                     {"tag", Field::kTag},
                                                                     {"author", Field::kAuthor},
                                                                     {"text", Field::kText}}};

/// Bytes of a field that an expression looks at. A teaser or a title is far below it.
constexpr std::size_t kMaxField = std::size_t{64} << 10;
/// ICU's unit is about 10,000 steps of the matcher: this is a few tens of milliseconds.
constexpr int kTimeLimit = 100;
/// Heap that backtracking may take.
constexpr int kStackLimit = 1 << 20;

constexpr std::string_view kExample =
    "; write e.g. \"title ~ /\\\\bquiz\\\\b/i\", \"tag = sports\" or \"url ^ "
    "https://example.org/video/\"";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// One line of valid text, whatever stands in the rule and wherever it was cut.
tl::unexpected<Error> bad(std::string_view rule, const std::string& what) {
  const std::string message = "rule \"" + std::string(rule) + "\": " + what;
  return fail(ErrorCode::kBadConfig, collapse_space(scrub_utf8(message)) + std::string(kExample));
}

std::string fold(std::string_view text) {
  std::string out;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())))
      .foldCase()
      .toUTF8String(out);
  return out;
}

using Pattern = std::unique_ptr<icu::RegexPattern>;

/// "/pattern/flags" to a compiled pattern, or what is wrong with it.
tl::expected<Pattern, std::string> compile(std::string_view value) {
  const auto close = value.rfind('/');
  if (value.size() < 2 || value.front() != '/' || close == 0) {
    return tl::unexpected<std::string>("a pattern stands between slashes");
  }
  const std::string_view body = value.substr(1, close - 1);
  const std::string_view flags = value.substr(close + 1);
  if (body.empty()) return tl::unexpected<std::string>("the pattern is empty");
  if (!flags.empty() && flags != "i") {
    return tl::unexpected<std::string>("unknown flag \"" + std::string(flags) + "\" (only i)");
  }
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const auto text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(body.data(), static_cast<int>(body.size())));
  Pattern pattern(icu::RegexPattern::compile(
      text, flags == "i" ? uint32_t{UREGEX_CASE_INSENSITIVE} : 0, where, status));
  if (U_SUCCESS(status)) return pattern;
  return tl::unexpected<std::string>("the pattern is wrong at character " +
                                     std::to_string(where.offset) + " (" + u_errorName(status) +
                                     ")");
}

bool finds(const icu::RegexPattern& pattern, std::string_view subject) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string_view head = subject.substr(0, kMaxField);
  const auto text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(head.data(), static_cast<int>(head.size())));
  const std::unique_ptr<icu::RegexMatcher> matcher(pattern.matcher(text, status));
  if (U_FAILURE(status)) return false;
  matcher->setTimeLimit(kTimeLimit, status);
  matcher->setStackLimit(kStackLimit, status);
  return matcher->find(status) && U_SUCCESS(status);
}

std::string field_list() {
  std::string out;
  for (const auto& [name, field] : kFields) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace

struct Rule::Parts {
  std::string text;
  Field field = Field::kTitle;
  Operator op = Operator::kEquals;
  std::string value;  ///< Folded for kEquals.
  Pattern pattern;    ///< For kFinds only.

  bool accepts(std::string_view subject) const {
    switch (op) {
      case Operator::kFinds:
        return finds(*pattern, subject);
      case Operator::kEquals:
        return fold(subject) == value;
      case Operator::kBegins:
        return subject.starts_with(value);
    }
    return false;
  }
  bool accepts_any(const std::vector<std::string>& subjects) const {
    return std::any_of(subjects.begin(), subjects.end(),
                       [this](const std::string& subject) { return accepts(subject); });
  }
};

Rule::Rule(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Rule::Rule(Rule&&) noexcept = default;
Rule& Rule::operator=(Rule&&) noexcept = default;
Rule::~Rule() = default;

const std::string& Rule::text() const { return parts_->text; }

Result<Rule> Rule::parse(std::string_view text) {
  const std::string_view rule = trim(text);
  const auto name_end = std::min(rule.find_first_of(" \t~=^"), rule.size());
  const std::string_view name = rule.substr(0, name_end);
  const auto* const field = std::find_if(kFields.begin(), kFields.end(),
                                         [&](const auto& entry) { return entry.first == name; });
  if (field == kFields.end()) {
    return bad(rule, "there is no field \"" + std::string(name) + "\" (" + field_list() + ")");
  }
  const std::string_view rest = trim(rule.substr(name_end));
  const std::string_view value = rest.empty() ? rest : trim(rest.substr(1));
  if (value.empty()) return bad(rule, "it needs an operator (~ = ^) and a value");
  auto parts = std::make_unique<Parts>();
  parts->text = std::string(rule);
  parts->field = field->second;
  switch (rest.front()) {
    case '~': {
      auto pattern = compile(value);
      if (!pattern) return bad(rule, pattern.error());
      parts->op = Operator::kFinds;
      parts->pattern = std::move(*pattern);
      break;
    }
    case '=':
      parts->op = Operator::kEquals;
      parts->value = fold(value);
      break;
    case '^':
      parts->op = Operator::kBegins;
      parts->value = std::string(value);
      break;
    default:
      return bad(rule, "there is no operator \"" + std::string(rest.substr(0, 1)) + "\" (~ = ^)");
  }
  return Rule(std::move(parts));
}

bool Rule::matches(const FeedItem& item) const {
  switch (parts_->field) {
    case Field::kTitle:
      return parts_->accepts(item.title);
    case Field::kUrl:
      return parts_->accepts(item.link);
    case Field::kTag:
      return parts_->accepts_any(item.categories);
    case Field::kAuthor:
      return parts_->accepts_any(item.authors);
    case Field::kText:
      return parts_->accepts(plain_text(item.text.empty() ? item.summary : item.text));
  }
  return false;
}

std::optional<std::string> ItemRules::refusal(const FeedItem& item) const {
  const auto hit = [&](const Rule& rule) { return rule.matches(item); };
  const auto dropped = std::find_if(drop.begin(), drop.end(), hit);
  if (dropped != drop.end()) return "drop rule: " + dropped->text();
  if (keep.empty() || std::any_of(keep.begin(), keep.end(), hit)) return std::nullopt;
  return "no keep rule matches";
}

Result<ItemRules> parse_rules(const std::vector<std::string>& keep,
                              const std::vector<std::string>& drop) {
  ItemRules rules;
  for (const auto& [texts, compiled] :
       {std::pair(&keep, &rules.keep), std::pair(&drop, &rules.drop)}) {
    for (const std::string& text : *texts) {
      Result<Rule> rule = Rule::parse(text);
      if (!rule) return tl::unexpected<Error>(rule.error());
      compiled->push_back(std::move(*rule));
    }
  }
  return rules;
}

}  // namespace nutgraf
