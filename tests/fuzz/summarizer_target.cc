#include <cmath>

#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

namespace s = nutgraf::summarizer;

std::u32string without_space(std::string_view text) {
  std::u32string out = s::decode(text);
  std::erase_if(out, s::is_space);
  return out;
}

void check_sentences(std::string_view text, std::string_view language) {
  std::u32string together;
  for (const std::string& sentence : s::split_sentences(text, language)) {
    require_line(sentence, "a sentence");
    const std::u32string visible = without_space(sentence);
    require(!visible.empty(), "a sentence of nothing");
    together += visible;
  }
  require(together == without_space(text), "the sentences together are not the text");
}

void check_analysis(const s::Document& document, const s::Analysis& analysis) {
  std::size_t begin = 0;
  std::uint32_t words = 0;
  for (const s::Sentence& sentence : analysis.sentences) {
    require(sentence.begin >= begin && sentence.end >= sentence.begin &&
                sentence.end <= document.text.size(),
            "sentences overlap or leave the text");
    begin = sentence.end;
    require(sentence.words >= words && sentence.words_end >= sentence.words &&
                sentence.words_end <= analysis.words.size(),
            "a sentence's words are not its own");
    words = sentence.words_end;
    for (std::uint32_t i = sentence.words; i < sentence.words_end; ++i) {
      const s::Word& word = analysis.words[i];
      require(word.begin + word.size <= sentence.text.size(), "a word leaves its sentence");
      require(word.stem == 0 || analysis.terms.at(word.term).stem == word.stem,
              "a word's term is not its own");
    }
  }
  require(analysis.sentences.size() <= s::kMaxSentences, "too many sentences");
}

/// What was read before changes nothing.
void check_memory(const s::Document& document, const s::Analysis& expected) {
  s::Summarizer summarizer;
  const std::size_t half = document.text.size() / 2;
  summarizer.analyse({.text = document.text.substr(half), .language = document.language});
  const s::Analysis got = summarizer.analyse(document);
  require(got.words.size() == expected.words.size(), "other words");
  for (std::size_t i = 0; i < got.words.size(); ++i) {
    const s::Word& a = got.words[i];
    const s::Word& b = expected.words[i];
    require(a.form == b.form && a.stem == b.stem && (a.stem == 0 || a.term == b.term),
            "another word");
  }
}

void check_summary(const s::Summary& summary, const s::Options& options) {
  require_utf8(summary.text, "a summary");
  require(summary.sentences.size() <= static_cast<std::size_t>(s::kMaxPicks), "too many picks");
  if (options.budget.words == 0) {
    require(summary.sentences.size() <= static_cast<std::size_t>(options.budget.sentences),
            "more sentences than were asked for");
  }
  std::pair<int, int> last{0, -1};
  for (const s::Pick& pick : summary.sentences) {
    require_line(pick.text, "a pick");
    require(std::isfinite(pick.score) && pick.score >= 0 && pick.score <= 1 + 1e-9, "no score");
    const std::pair<int, int> place{pick.document, pick.position};
    require(place > last, "picks out of order");
    last = place;
  }
}

void check_methods(const s::Analysis& analysis) {
  for (const s::Method method : {s::Method::kNutgraf, s::Method::kTextRank, s::Method::kLexRank}) {
    for (const s::Budget budget : {s::Budget{.sentences = 3}, s::Budget{.words = 40}}) {
      const s::Options options{.method = method, .budget = budget};
      const s::Summary summary = s::summarize(analysis, options);
      check_summary(summary, options);
      for (const s::Pick& pick : summary.sentences) {
        require(pick.text == analysis.sentences[static_cast<std::size_t>(pick.position)].text,
                "a pick that is no sentence of the text");
      }
    }
  }
}

}  // namespace

void summarizer(std::string_view bytes) {
  const auto [language, text] = first_line(bytes);
  check_sentences(text, language);
  const auto [title, body] = first_line(text);
  const s::Document document{.title = title, .text = body, .language = language};
  const s::Analysis analysis = s::analyse(document);
  check_analysis(document, analysis);
  check_memory(document, analysis);
  check_methods(analysis);
  check_summary(s::summarize(analysis, {.query = std::string(title), .by_title = true}), {});
  for (const std::string& word : s::keywords(analysis, 8)) require_line(word, "a keyword");
  for (const std::string& name : s::entities(analysis, 8)) require_line(name, "a name");
  const s::Document halves[] = {{.text = body.substr(0, body.size() / 2), .language = language},
                                {.text = body.substr(body.size() / 2), .language = language}};
  check_summary(s::summarize_cluster(halves), {});
}

}  // namespace nutgraf::fuzz
