#include "daemon/dedup/volatile_text.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace nutgraf {
namespace {

/// Bylines and datelines stand here or nowhere.
constexpr std::size_t kOpening = 25;
constexpr std::size_t kLongestClockLine = 14;
constexpr std::size_t kLongestByline = 9;
constexpr std::size_t kLongestPrompt = 14;
constexpr std::size_t kLongestNotice = 30;

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// What stands between word `i` and the next one.
std::string_view gap_after(std::string_view text, const Words& words, std::size_t i) {
  const std::size_t begin = words.words[i].end;
  const std::size_t end = i + 1 < words.size() ? words.words[i + 1].begin : text.size();
  return text.substr(begin, end - begin);
}

bool is_clock_line(const Words& words, WordRange line) {
  if (line.end - line.begin > kLongestClockLine) return false;
  std::size_t at = line.begin;
  while (at < line.end &&
         one_of(words[at], {"last", "first", "story", "article", "was", "originally"}))
    ++at;
  if (at == line.end ||
      !one_of(words[at], {"updated", "update", "published", "posted", "modified", "edited"})) {
    return false;
  }
  for (std::size_t i = at; i < line.end; ++i) {
    if (words.words[i].number || one_of(words[i], {"ago", "today", "yesterday", "now"}))
      return true;
  }
  return false;
}

bool is_prompt(const Words& words, WordRange line) {
  if (line.end - line.begin > kLongestPrompt) return false;
  const std::string_view first = words[line.begin];
  if (line.end - line.begin == 1)
    return one_of(first, {"advertisement", "close", "share", "print"});
  const std::string_view second = words[line.begin + 1];
  if (first == "read") return one_of(second, {"more", "also", "the", "full", "next"});
  if (first == "click") return one_of(second, {"here", "to"});
  if (first == "continue") return second == "reading";
  if (first == "sign") return second == "up";
  if (first == "full") return one_of(second, {"story", "article"});
  return one_of(first, {"subscribe", "related", "watch", "more"}) &&
         line.end - line.begin <= kLongestPrompt / 2;
}

/// Notices and invitations that pages set between or below their paragraphs: "Follow us on …",
/// "Comments are closed …", "© 2024 … All rights reserved". Two words of their own vocabulary have
/// to meet, so that a report about Facebook or about cookies is none.
bool is_notice(const Words& words, WordRange sentence) {
  if (sentence.end - sentence.begin > kLongestNotice) return false;
  const auto has = [&](std::initializer_list<std::string_view> list) {
    for (std::size_t i = sentence.begin; i < sentence.end; ++i) {
      if (one_of(words[i], list)) return true;
    }
    return false;
  };
  const bool invites = one_of(words[sentence.begin], {"follow", "share", "subscribe", "sign",
                                                      "join", "download", "advertisement", "like"});
  if (invites && has({"newsletter", "newsletters", "inbox", "email", "facebook", "twitter",
                      "instagram", "whatsapp", "telegram", "app", "subscribe", "subscribers"})) {
    return true;
  }
  return (has({"rights"}) && has({"reserved"})) ||
         (has({"comments"}) && has({"closed", "moderated"})) ||
         (has({"cookies"}) && has({"use", "uses"}) && has({"site", "website", "experience"})) ||
         (has({"republished", "rewritten", "redistributed"}) && has({"permission", "published"})) ||
         (has({"tip", "tips"}) && has({"newsroom", "confidentially"}));
}

bool is_byline(const Words& words, WordRange line) {
  if (line.begin >= kOpening || line.end - line.begin > kLongestByline) return false;
  if (!one_of(words[line.begin], {"by", "von", "par", "por", "di"})) return false;
  // Names, for the most part: "By Monday the river had risen" is a report.
  const auto first = words.words.begin() + static_cast<std::ptrdiff_t>(line.begin);
  const auto last = words.words.begin() + static_cast<std::ptrdiff_t>(line.end);
  const auto names = std::count_if(first + 1, last, [](const Word& word) { return word.capital; });
  return names > 0 && 2 * names >= last - first - 1;
}

bool has_dash(std::string_view gap) {
  return gap.find("—") != std::string_view::npos || gap.find("–") != std::string_view::npos ||
         gap.find("--") != std::string_view::npos || gap.find(" - ") != std::string_view::npos;
}

bool all_capitals(std::string_view word) {
  return std::none_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// "LONDON (Reuters) - ", "NEW YORK, March 3 —", "(CNN) ": words before the report proper.
std::size_t dateline_end(std::string_view text, const Words& words, std::size_t begin) {
  const std::size_t limit = std::min(words.size(), begin + 9);
  if (begin >= limit) return begin;
  const Word& first = words.words[begin];
  const bool in_capitals = first.capital && first.end - first.begin > 2 &&
                           all_capitals(text.substr(first.begin, first.end - first.begin));
  bool bracket =
      begin > 0 ? gap_after(text, words, begin - 1).ends_with('(') : text.starts_with('(');
  for (std::size_t i = begin; i + 1 < limit; ++i) {
    if (words.words[i + 1].before == Break::kParagraph) return begin;
    const std::string_view gap = gap_after(text, words, i);
    const bool closes = gap.find(')') != std::string_view::npos;
    if (has_dash(gap) && (in_capitals || bracket || closes)) return i + 1;
    if (bracket && closes && i - begin < 2 && begin == 0) return i + 1;
    bracket |= gap.find('(') != std::string_view::npos;
  }
  return begin;
}

/// "By Ann Miller, Staff Writer LONDON, June 20 (Reuters) - ": a byline that runs on into the text,
/// with a dateline after it or without. Names follow one another; what they end at is the report.
std::size_t run_in_byline_end(std::string_view text, const Words& words) {
  if (words.size() < 4 || words[0] != "by") return 0;
  std::size_t end = 1;
  while (end < words.size() && end <= kLongestByline && words.words[end].capital) {
    const std::size_t report = dateline_end(text, words, end);
    if (report > end && end > 2) return report;
    ++end;
  }
  return end > 2 ? end : 0;
}

template <typename Visit>
void each_line(const Words& words, Visit visit) {
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && words.words[end].before == Break::kNone) ++end;
    visit(WordRange{begin, end});
    begin = end;
  }
}

template <typename Visit>
void each_sentence(const Words& words, Visit visit) {
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && !words.words[end].sentence_start) ++end;
    visit(WordRange{begin, end});
    begin = end;
  }
}

}  // namespace

std::vector<WordRange> volatile_ranges(std::string_view text, const Words& words) {
  std::vector<WordRange> ranges;
  each_line(words, [&](WordRange line) {
    if (is_clock_line(words, line) || is_prompt(words, line) || is_byline(words, line)) {
      ranges.push_back(line);
    } else if (line.begin < kOpening &&
               (line.begin == 0 || words.words[line.begin].before == Break::kParagraph)) {
      std::size_t end = dateline_end(text, words, line.begin);
      if (line.begin == 0) end = std::max(end, run_in_byline_end(text, words));
      if (end > line.begin) ranges.push_back({line.begin, end});
    }
  });
  each_sentence(words, [&](WordRange sentence) {
    if (is_notice(words, sentence)) ranges.push_back(sentence);
  });
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    // Also within a line: a text that was cut often ends in "[…] Read more".
    const bool asks = words.words[i].capital && words[i] == "read" && words[i + 1] == "more";
    if (asks) ranges.push_back({i, i + 2});
  }
  return ranges;
}

bool marks_update(const Words& title) {
  if (title.size() < 2) return false;
  const std::string_view first = title[0];
  if (first == "update")
    return title.words[1].number || title.words[0].end + 1 < title.words[1].begin;
  return one_of(first, {"updated", "corrected", "correction", "corrects"}) &&
         title.words[0].end + 1 < title.words[1].begin;
}

}  // namespace nutgraf
