#include "daemon/article/biography.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "daemon/article/byline.h"
#include "daemon/article/letters.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMostNameWords = 4;
/// Words behind the name in which the profession has to come: later ones may be somebody else's.
constexpr std::size_t kWithin = 10;

bool begins_upper(std::string_view word) {
  std::size_t at = 0;
  return is_upper(next_code_point(word, at));
}

/// How many words at the beginning may be a name's.
std::size_t name_words(const std::vector<std::string_view>& words) {
  std::size_t count = 0;
  while (count < words.size() && begins_upper(words[count])) {
    // An initial's full stop goes on, any other mark ends the name.
    const std::string_view word = words[count++];
    const bool initial = word.size() <= 3 && word.back() == '.';
    if (!initial && std::string_view(",.:;!?)").find(word.back()) != std::string_view::npos) break;
  }
  return count;
}

std::string name_of(const std::vector<std::string_view>& words, std::size_t count) {
  if (count < 2 || count > kMostNameWords) return {};
  std::string name(words[0]);
  for (std::size_t k = 1; k < count; ++k) name += " " + std::string(words[k]);
  const Names names = clean_names(name);
  return names.size() == 1 && is_name(names, true) ? names[0] : std::string{};
}

bool writes(std::string_view word) {
  constexpr std::string_view kProfessions[] = {
      "author",      "autor",         "autora",     "autore",      "autorin",      "auteur",
      "auteure",     "autrice",       "blogger",    "bloggerin",   "columnist",    "contributor",
      "copywriter",  "correspondent", "editor",     "escritor",    "escritora",    "essayist",
      "freelancer",  "giornalista",   "journalist", "journaliste", "journalistin", "kolumnist",
      "kolumnistin", "novelist",      "periodista", "redakteur",   "redakteurin",  "reporter",
      "reporterin",  "writer"};
  return one_of(kProfessions, word);
}

}  // namespace

bool announces_biography(std::string_view line) {
  constexpr std::string_view kLines[] = {
      "about author",      "about the author", "about the writer",
      "about this author", "author bio",       "die autorin",
      "der autor",         "meet the author",  "sobre el autor",
      "sobre la autora",   "sobre o autor",    "sobre a autora",
      "sull autore",       "sull autrice",     "à propos de l auteur",
      "über den autor",    "über die autorin", "zum autor",
      "zur autorin",       "the author"};
  return line.size() <= 40 && one_of(kLines, fold_words(line));
}

std::string leading_name(std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  return name_of(words, name_words(words));
}

std::string introduced_writer(std::string_view line) {
  constexpr std::string_view kVerbs[] = {"is", "ist", "est", "es", "è"};
  const std::vector<std::string_view> words = split(line, ' ');
  const std::size_t count = name_words(words);
  if (count >= words.size() || !one_of(kVerbs, words[count])) return {};
  const std::size_t end = std::min(words.size(), count + kWithin);
  for (std::size_t k = count + 1; k < end; ++k) {
    if (writes(fold_words(words[k]))) return name_of(words, count);
    if (std::string_view(".;!?").find(words[k].back()) != std::string_view::npos) break;
  }
  return {};
}

}  // namespace nutgraf
