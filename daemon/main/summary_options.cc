#include "daemon/main/summary_options.h"

#include <map>

namespace nutgraf::tool {

void add_summary_options(CLI::App& command, SummaryOptions& target) {
  using summarizer::Method;
  static const std::map<std::string, Method> methods{{"nutgraf", Method::kNutgraf},
                                                     {"textrank", Method::kTextRank},
                                                     {"lexrank", Method::kLexRank}};
  command.add_option("FILE", target.inputs, "Files to read; none or -: stdin")->type_name("");
  command
      .add_option("--language", target.language,
                  "Language of the text (en, de, …); detected if not given")
      ->type_name("TAG");
  command
      .add_option(
          "--method", target.options.method,
          "nutgraf (default), textrank (Mihalcea and Tarau 2004) or lexrank (Erkan and Radev 2004)")
      ->type_name("NAME")
      ->transform(CLI::CheckedTransformer(methods).description(""))
      ->transform(CLI::IsMember(&methods).description(""));  // Runs first, and says what it wants.
  command
      .add_option("--query", target.options.query,
                  "What the summary should be about, in words (not for textrank)")
      ->type_name("WORDS");
  auto* sentences = command
                        .add_option("--sentences", target.options.budget.sentences,
                                    "At most N sentences (default 3)")
                        ->type_name("N")
                        ->check(CLI::Range(1, summarizer::kMaxPicks).description(""));
  command
      .add_option("--words", target.options.budget.words,
                  "Whole sentences until N words are reached, the one that crosses included")
      ->type_name("N")
      ->check(CLI::PositiveNumber.description(""))
      ->excludes(sentences);
}

void check_summary_options(const SummaryOptions& given) {
  if (given.options.method == summarizer::Method::kTextRank && !given.options.query.empty()) {
    throw CLI::ValidationError("--query", "textrank knows no query");
  }
}

}  // namespace nutgraf::tool
