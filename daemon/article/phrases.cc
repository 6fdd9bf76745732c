#include "daemon/article/phrases.h"

#include <algorithm>
#include <charconv>

#include "daemon/article/letters.h"

namespace nutgraf {
namespace {

bool is_mark(char32_t c) {
  return c == ':' || c == '>' || c == '|' || c == '-' || c == '/' || c == 0xBB || c == 0x2013 ||
         c == 0x2014 || c == 0xFF1A;
}

/// Lower case, with straight apostrophes.
std::string normalized(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) {
    const char32_t c = next_code_point(line, at);
    append_utf8(out, c == 0x2019 ? U'\'' : lower(c));
  }
  return out;
}

}  // namespace

PhraseSet::PhraseSet(std::span<const std::string_view> phrases) {
  for (const std::string_view text : phrases) {
    Phrase phrase;
    for (const std::string_view element : split(text, ' '))
      phrase.push_back(parse_element(element));
    phrases_.push_back(std::move(phrase));
  }
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) {
    // A phrase may begin with any of its leading optional elements or the first that is not.
    for (const Element& element : phrases_[i]) {
      if (element.kind == Kind::kNumber) by_number_.push_back(i);
      for (const std::string& word : element.words) {
        std::vector<std::uint32_t>& list = by_first_[word];
        if (list.empty() || list.back() != i) list.push_back(i);
      }
      if (!element.optional) break;
    }
  }
}

PhraseSet::Element PhraseSet::parse_element(std::string_view text) {
  Element element;
  if (text == "#") {
    element.kind = Kind::kNumber;
  } else if (text == "#?") {
    element.kind = Kind::kNumber;
    element.optional = true;
  } else if (text == ":" || text == ":?") {
    element.kind = Kind::kMark;
    element.optional = text.size() == 2;
  } else if (text == "..") {
    element.kind = Kind::kAny;
    element.optional = element.repeated = true;
  } else if (text.front() == '~') {
    element.kind = Kind::kRest;
    element.optional = true;
    std::from_chars(text.data() + 1, text.data() + text.size(), element.rest);
  } else {
    element.repeated = text.back() == '*';
    element.optional = element.repeated || text.back() == '?';
    if (element.optional) text.remove_suffix(1);
    for (const std::string_view word : split(text, '|')) element.words.emplace_back(word);
  }
  return element;
}

std::vector<PhraseSet::Token> PhraseSet::tokenize(std::string_view lower_line) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < lower_line.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(lower_line, at);
    if (is_mark(c)) {
      tokens.push_back({lower_line.substr(begin, at - begin), begin, true, false});
    } else if (c == 0xA9) {  // The copyright sign is a word of its own.
      tokens.push_back({lower_line.substr(begin, at - begin), begin, false, false});
    } else if (is_word_char(c)) {
      std::size_t stop = at;
      while (stop < lower_line.size()) {
        std::size_t next = stop;
        const char32_t d = next_code_point(lower_line, next);
        if (!is_word_char(d) && d != '\'') break;
        stop = next;
      }
      at = stop;
      tokens.push_back(
          {lower_line.substr(begin, stop - begin), begin, false, c >= '0' && c <= '9'});
    }
  }
  return tokens;
}

bool PhraseSet::accepts(const Element& element, const Token& token) {
  switch (element.kind) {
    case Kind::kNumber:
      return token.number;
    case Kind::kMark:
      return token.mark;
    case Kind::kAny:
    case Kind::kRest:
      return true;
    case Kind::kWords:
      return std::ranges::find(element.words, token.text) != element.words.end();
  }
  return false;
}

/// States that are reached without a token. Bit i: element i is next.
std::uint64_t PhraseSet::closure(const Phrase& phrase, std::uint64_t states) {
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if ((states >> i & 1U) != 0 && phrase[i].optional) states |= std::uint64_t{2} << i;
  }
  return states;
}

bool PhraseSet::match_at(const Phrase& phrase, std::span<const Token> tokens, std::size_t line_size,
                         bool whole) const {
  const std::uint64_t accepted = std::uint64_t{1} << phrase.size();
  std::uint64_t states = closure(phrase, 1);
  for (const Token& token : tokens) {
    if (!whole && (states & accepted) != 0) return true;
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      if ((states >> i & 1U) == 0) continue;
      if (phrase[i].kind == Kind::kRest) {
        if (line_size - token.begin <= phrase[i].rest) return true;
      } else if (accepts(phrase[i], token)) {
        next |= (phrase[i].repeated ? std::uint64_t{1} : std::uint64_t{2}) << i;
      }
    }
    // A phrase that is complete may be followed by closing marks: "Related:", "Tags |".
    if ((states & accepted) != 0 && token.mark) next |= accepted;
    states = closure(phrase, next);
    if (states == 0) return false;
  }
  return (states & accepted) != 0;
}

const std::vector<std::uint32_t>* PhraseSet::starting_with(const Token& token) const {
  if (token.number) return &by_number_;
  const auto at = by_first_.find(token.text);
  return at == by_first_.end() ? nullptr : &at->second;
}

bool PhraseSet::matches(std::string_view line) const {
  const std::string folded = normalized(line);
  const std::vector<Token> tokens = tokenize(folded);
  const auto first = std::ranges::find_if(tokens, [](const Token& t) { return !t.mark; });
  if (first == tokens.end() || first - tokens.begin() > 2) return false;
  const std::vector<std::uint32_t>* const candidates = starting_with(*first);
  if (candidates == nullptr) return false;
  return std::ranges::any_of(*candidates, [&](std::uint32_t i) {
    return match_at(phrases_[i], {first, tokens.end()}, folded.size(), true);
  });
}

std::size_t PhraseSet::count(std::string_view text, std::size_t most) const {
  const std::string folded = normalized(text);
  const std::vector<Token> tokens = tokenize(folded);
  std::vector<std::uint32_t> found;
  for (std::size_t k = 0; k < tokens.size() && found.size() < most; ++k) {
    const std::vector<std::uint32_t>* const candidates = starting_with(tokens[k]);
    if (candidates == nullptr) continue;
    for (const std::uint32_t i : *candidates) {
      if (std::ranges::find(found, i) == found.end() &&
          match_at(phrases_[i], std::span(tokens).subspan(k), folded.size(), false)) {
        found.push_back(i);
      }
    }
  }
  return found.size();
}

}  // namespace nutgraf
