#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The summarizer: text in, ranked sentences out. A pure library: no I/O, no clock, no threads, no
/// log, no exceptions but bad_alloc. Every function may be called from any thread at any time.
///
/// Input is UTF-8; what is ill-formed counts as U+FFFD. Paragraphs are separated by newlines. Any
/// text is survived: the first kMaxText bytes and kMaxSentences sentences of it are looked at, and
/// the cost of the default method is linear in that.
namespace nutgraf::summarizer {

/// Bytes of a document that are read. Longer than any story: what comes after is not news.
inline constexpr std::size_t kMaxText = std::size_t{1} << 20;
inline constexpr std::size_t kMaxTitle = 2000;
/// Sentences of a document that are ranked, the first ones.
inline constexpr std::size_t kMaxSentences = 5000;
/// Sentences that a summary can have at most, whatever the budget.
inline constexpr int kMaxPicks = 200;

struct Document {
  std::string_view title;     ///< May be empty. Never part of the summary.
  std::string_view text;      ///< Paragraphs separated by newlines.
  std::string_view language;  ///< BCP-47 ("en", "pt-BR"); "" or "und": detected from the text.
};

/// One word of a sentence: a run of letters and digits with an inner apostrophe, or, in scripts
/// without spaces, a pair of letters.
struct Word {
  std::uint64_t form = 0;   ///< Hash of the spelling, lower case. Stable across runs and machines.
  std::uint64_t stem = 0;   ///< Hash of the stem; 0 for a stop word and for a single letter.
  std::uint32_t begin = 0;  ///< Byte offset in the sentence's `text`.
  std::uint32_t size = 0;   ///< Bytes.
  /// Index of its stem in Analysis::terms; of no meaning in a title, and if `stem` is 0.
  std::uint32_t term = 0;
  bool capitalised = false;  ///< Begins with an upper-case letter.
  bool number = false;       ///< Has a digit.
  bool telling = false;      ///< May be of a caption or credit, by its form: "left", "click".
};

/// A stem of a text.
struct Term {
  std::uint64_t stem = 0;  ///< Its hash, as Word::stem.
  double idf = 0;          ///< How rare it is in news; 1 in languages without a table.
};

struct Sentence {
  std::string text;  ///< Verbatim, white space squeezed, dateline ("LONDON (Reuters) —") cut.
  std::size_t begin = 0;  ///< Bytes in Document::text, dateline and all.
  std::size_t end = 0;
  int length = 0;           ///< Words as white space separates them (letters / 2 where none does).
  std::uint32_t words = 0;  ///< Where its words begin in Analysis::words …
  std::uint32_t words_end = 0;  ///< … and end.
  int names = 0;                ///< Runs of capitalised words inside the sentence.
  int figures = 0;              ///< Words with a digit: "1,000" and "9:30" are one each.
  bool quoted = false;          ///< Opens with a quotation mark.
  bool terminated = false;      ///< Ends in a terminator and closing marks.
  bool bad = false;             ///< Never in a summary: fragments, captions, unbalanced quotes, …
  bool leaning = false;         ///< Only after the sentence before it: "He said", "But the", …
  bool torn = false;            ///< Bad because a quotation or bracket goes on beside it.
  std::string_view why;  ///< Why it is bad or leaning, for people; "" otherwise. Static text.
};

/// A text analysed once: what ranking, deduplication and events read.
struct Analysis {
  std::string language;             ///< Primary subtag, lower case; "und" if unknown.
  std::vector<Sentence> sentences;  ///< In the order of the text.
  std::vector<Word> words;          ///< Of all sentences, in the order of the text.
  std::vector<Term> terms;          ///< Stems of these, in the order in which they come first.
  std::string title;                ///< White space squeezed.
  std::vector<Word> title_words;    ///< Offsets are in `title`.

  std::span<const Word> words_of(std::size_t sentence) const {
    const Sentence& s = sentences[sentence];
    return std::span(words).subspan(s.words, s.words_end - s.words);
  }
  std::string_view spelling(std::size_t sentence, const Word& word) const {
    return std::string_view(sentences[sentence].text).substr(word.begin, word.size);
  }
};

/// Splits, tokenizes, stems and judges. Linear; about 0.1 ms for a story of 4 KB.
Analysis analyse(const Document& document);

/// Sentences of `text`, verbatim but for white space (one space for each run of it). Nothing is
/// lost: the sentences together are the text. `language` picks the abbreviations; "" or "und":
/// English rules without the lists of other languages. Linear, no limit on the length.
std::vector<std::string> split_sentences(std::string_view text, std::string_view language);

/// BCP-47 primary subtag ("en", "zh"); "und" if the text is short, mixed or of no known language.
std::string detect_language(std::string_view text);

enum class Method {
  kNutgraf,   ///< Directed, position-aware PageRank with rules on what can stand alone. Default.
  kTextRank,  ///< Mihalcea and Tarau 2004, as published: overlap / (ln|a| + ln|b|), no stop words.
  kLexRank,   ///< Erkan and Radev 2004, continuous: PageRank over tf-idf cosine.
};

/// How much is wanted. Whole sentences only.
struct Budget {
  int sentences = 3;  ///< Used if `words` is 0.
  int words = 0;      ///< Sentences until so many words are reached; the one that crosses included.
};

struct Options {
  Method method = Method::kNutgraf;
  Budget budget;
  double damping = 0.85;     ///< Chance to follow a vote rather than to start anew, in [0, 1).
  double tolerance = 1e-6;   ///< Ranking stops when an iteration changes less than this (L1).
  int max_iterations = 100;  ///< … or after so many. 0.85^100 is below 1e-7.
  /// Weight of a vote for a later sentence, relative to a vote for an earlier one.
  double forward = 0.4;
  double novelty = 0.3;  ///< Share of a pick's value that likeness to earlier picks costs.
  /// What the summary should be about, as words; "" for whatever the text is about. Ranking then
  /// starts anew at the sentences that are like it, and at kQueryDamping. Not used by kTextRank and
  /// for clusters, nor where no sentence has any of the words.
  std::string query;
  bool by_title = false;  ///< The title's words are part of the query.
};
/// Half of a sentence's rank then comes from its own likeness to the query, half from what
/// sentences like it vote for. [Otterbacher, Erkan and Radev 2009, biased LexRank]
inline constexpr double kQueryDamping = 0.5;

struct Pick {
  std::string text;
  int position = 0;  ///< Index of the sentence in its document.
  int document = 0;  ///< Index of the document; 0 for a single one.
  int rank = 0;      ///< 0 for the one picked first.
  double score = 0;  ///< In [0, 1]; 1 for the document's best sentence.
};

struct Summary {
  std::vector<Pick> sentences;  ///< In document order. Empty if the text has no words.
  std::string text;             ///< Ready to print.
};

Summary summarize(const Document& document, const Options& options = {});
Summary summarize(const Analysis& analysis, const Options& options = {});

/// Several reports of one event: what they have in common, without saying it twice. Votes count
/// only between different documents. A sentence that leans on the one before it, or is torn from
/// it, comes with it; a large budget bears longer sentences, and one of sentences asks for a first
/// pick that opens a report. Quadratic in the sentences, of which
/// the first ones of each document are taken, kMaxClusterSentences in all. Of Options only the
/// budget, tolerance, max_iterations and novelty count.
Summary summarize_cluster(std::span<const Document> documents, const Options& options = {});
Summary summarize_cluster(std::span<const Analysis* const> documents, const Options& options = {});
inline constexpr std::size_t kMaxClusterSentences = 600;

/// Summarizes text after text. What it gives is what the functions give, whatever it was given
/// before; but it remembers the words it has met, with their stems, which is a good part of the
/// work.
///
/// One for each thread: not thread-safe. Remembers up to kMaxWords words in each of kMaxLanguages
/// languages, which is some 4 MB a language, and what the last text added to that.
class Summarizer {
 public:
  static constexpr std::size_t kMaxWords = std::size_t{1} << 15;
  static constexpr std::size_t kMaxLanguages = 8;

  Summarizer();
  ~Summarizer();
  Summarizer(const Summarizer&) = delete;
  Summarizer& operator=(const Summarizer&) = delete;

  Analysis analyse(const Document& document);
  Summary summarize(const Document& document, const Options& options = {});
  Summary summarize_cluster(std::span<const Document> documents, const Options& options = {});

 private:
  const std::unique_ptr<class Lexicons> lexicons_;
};

/// How a sentence came to its score: score = rank · position · quote · terminal · brevity · length
/// · names · figures · topic, divided by the document's best. Factors that a method does not use
/// are 1.
struct Score {
  double rank = 0;  ///< PageRank; the ranks of a document sum to 1.
  double position = 1;
  double quote = 1;
  double terminal = 1;
  double brevity = 1;
  double length = 1;
  double names = 1;
  double figures = 1;
  double topic = 1;  ///< More, the more of its words the rest of the text has, too.
  double score = 0;
};
std::vector<Score> score_sentences(const Analysis& analysis, const Options& options = {});

/// Likeness of sentences, for explaining: cosine in [0, 1] of those above `least`, a < b.
struct Likeness {
  int a = 0;
  int b = 0;
  double cosine = 0;
};
std::vector<Likeness> likenesses(const Analysis& analysis, double least = 0.05);

/// The `n` words that say most about the text: by tf·idf of the stems over the background (title
/// words count three times), shown in the spelling that is commonest within sentences: openings and
/// headlines have capitals of their own. Deterministic.
std::vector<std::string> keywords(const Analysis& analysis, int n);

/// The words that are among the `n` of most of several texts; of equals those of the earlier text,
/// and in its spelling.
std::vector<std::string> cluster_keywords(std::span<const Analysis* const> documents, int n);

/// Names: runs of up to four capitalised words that do not open a sentence, most frequent first,
/// at most `n`. For languages that capitalise names only (not German; nothing for scripts without
/// capitals).
std::vector<std::string> entities(const Analysis& analysis, int n);

}  // namespace nutgraf::summarizer
