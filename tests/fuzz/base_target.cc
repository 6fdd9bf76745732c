#include "daemon/base/date.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/base/words.h"
#include "daemon/dedup/identity.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

void check_url(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return;
  const std::string normal = url->str();
  require_line(normal, "a URL");
  const auto again = parse_url(normal);
  // Escapes may make it longer than what is read.
  if (!again) return require(normal.size() > 8192, "a URL cannot be read back");
  require(again->str() == normal, "a normalized URL is not normal");
  require(resolve_url("", normal) == normal, "resolving changes an absolute URL");
  require(resolve_url("https://other.example/", normal) == normal, "a base changes a whole URL");
  require(host_of(normal) == host_of(text), "normalizing changes the host");
}

void check_reference(std::string_view from, std::string_view reference) {
  const std::string absolute = resolve_url(from, reference);
  if (parse_url(from) && absolute.size() <= 8192 && parse_url(absolute)) {
    require(resolve_url(from, absolute) == absolute, "resolving twice is not resolving once");
  }
  url_key(absolute);
}

void check_date(std::string_view text) {
  using namespace std::chrono;
  parse_http_date(text);
  const auto time = parse_date(text);
  if (!time) return;
  require(*time >= sys_days{1970y / 1 / 1} && *time < sys_days{2200y / 1 / 1}, "no such year");
  const std::string written = format_rfc3339(*time);
  require(parse_rfc3339(written) == time, "a time cannot be read back by the strict reader");
  require(parse_date(written) == time, "a time cannot be read back");
}

void check_encoding(std::string_view label, std::string_view bytes) {
  const std::string scrubbed = scrub_utf8(bytes);
  require_utf8(scrubbed, "what was scrubbed");
  require(!is_utf8(bytes) || scrubbed == bytes, "scrubbing changes valid text");
  require(scrubbed.size() <= 3 * bytes.size(), "scrubbing makes text");
  require_utf8(decode_xml(bytes, label), "a decoded document");
  require_utf8(decode_html(bytes, label), "a decoded page");
  if (const auto text = to_utf8(bytes, label)) {
    require_utf8(*text, "a decoded text");
    require(text->size() <= 4 * bytes.size() + 16, "decoding makes text");
  }
  charset_of_content_type(bytes);
}

void check_text(const std::string& text) {
  const std::string decoded = decode_entities(text);
  require_utf8(decoded, "decoded references");
  require(decoded.size() <= 2 * text.size(), "references made text");
  require(text.find('&') != text.npos || decoded == text, "changed without a reference");
  const std::string collapsed = collapse_space(text);
  require_utf8(collapsed, "collapsed text");
  require(collapse_space(collapsed) == collapsed, "collapsing twice is not collapsing once");
  require_line(plain_text(text), "plain text");
}

void check_words(std::string_view text) {
  const Words words = split_words(text);
  std::uint32_t end = 0;
  std::uint32_t folded = 0;
  for (const Word& word : words.words) {
    require(word.begin >= end && word.end > word.begin && word.end <= text.size(), "words overlap");
    require(word.folded_begin == folded && word.folded_end > folded,
            "folded words are no sequence");
    end = word.end;
    folded = word.folded_end;
  }
  require(folded == words.folded.size(), "folded text without a word");
  require_utf8(words.folded, "folded words");
  require(split_words(text, 3).size() == std::min<std::size_t>(words.size(), 3), "no limit");
}

}  // namespace

void base(std::string_view bytes) {
  const auto [line, rest] = first_line(bytes);
  check_url(bytes);
  check_reference(line, rest);
  check_date(bytes);
  check_encoding(line, rest);
  check_text(scrub_utf8(bytes));
  plain_text(bytes);
  decode_entities(bytes);
  check_words(bytes);
}

}  // namespace nutgraf::fuzz
