// What each ingredient of a story's summary is worth: `nutgraf summarize --jsonl` with one left
// out.
//
//   summary_ablation --list
//   summary_ablation [INGREDIENT…] [--disturb SEED] --sentences N | --words N < stories.jsonl
//
// --disturb: each score times a random factor, so that near ties fall this way and that: a rule
// that is worth something is so beside others, too.
//
// tests/bench/summary_ablation.py runs it over the corpus of summaries and makes the table.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "summarizer/introductions.h"
#include "summarizer/rank.h"
#include "summarizer/ranking.h"
#include "summarizer/selection.h"
#include "summarizer/summarizer.h"

namespace {

using namespace nutgraf::summarizer;
using nlohmann::json;
using Without = std::set<std::string>;

constexpr const char* kIngredients[] = {
    "direction", "background", "position", "quote",   "terminal", "length",        "names",
    "figures",   "topic",      "bad",      "bundles", "novelty",  "introductions", "edge"};

Vectors vectors_of(const Analysis& analysis, const Without& without) {
  if (!without.contains("background")) return story_vectors(analysis);
  return make_vectors(analysis, std::vector<double>(analysis.terms.size(), 1.0));
}

std::vector<Score> scores_of(const Analysis& analysis, const Vectors& vectors,
                             const Without& without) {
  Options options;
  if (without.contains("direction")) options.forward = 1;
  std::vector<Score> scores = score_sentences(analysis, vectors, options);
  for (Score& s : scores) {
    if (without.contains("position")) s.position = 1;
    if (without.contains("quote")) s.quote = 1;
    if (without.contains("terminal")) s.terminal = 1;
    if (without.contains("length")) s.length = 1;
    if (without.contains("names")) s.names = 1;
    if (without.contains("figures")) s.figures = 1;
    if (without.contains("topic")) s.topic = 1;
  }
  normalize(scores);
  return scores;
}

/// Log-normal, with a deviation of 8 %.
void disturb(std::vector<Score>& scores, std::mt19937& random) {
  std::normal_distribution<double> exponent(0, 0.08);
  for (Score& s : scores) s.rank *= std::exp(exponent(random));
  normalize(scores);
}

/// `random`: disturbs the scores; may be null.
Picks summary_of(const Analysis& analysis, const Budget& budget, const Without& without,
                 std::mt19937* random) {
  const Vectors vectors = vectors_of(analysis, without);
  std::vector<Score> scores = scores_of(analysis, vectors, without);
  if (random != nullptr) disturb(scores, *random);
  const Introductions people(analysis);
  std::vector<Candidate> candidates;
  std::vector<std::span<const Word>> words;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Sentence& s = analysis.sentences[i];
    Candidate c{.score = scores[i].score,
                .length = s.length,
                .bad = s.bad && !without.contains("bad"),
                .leaning = s.leaning && !without.contains("bundles")};
    if (!without.contains("introductions")) {
      c.known = people.known_in(i);
      c.introduces = people.introduced_in(i);
    }
    candidates.push_back(c);
    words.push_back(analysis.words_of(i));
  }
  return pick_bundles(
      words, candidates, vectors, budget,
      {.novelty = without.contains("novelty") ? 0 : 0.3, .one_text = !without.contains("edge")});
}

json summarize_line(const json& line, const Budget& budget, const Without& without,
                    std::mt19937* random) {
  const std::string title = line.value("title", "");
  const std::string text = line.value("text", "");
  const Analysis analysis = analyse({.title = title, .text = text, .language = "en"});
  Picks picks = summary_of(analysis, budget, without, random);
  std::ranges::sort(picks);
  json sentences = json::array();
  for (const std::size_t i : picks) {
    sentences.push_back({{"text", analysis.sentences[i].text}, {"position", i}, {"document", 0}});
  }
  return {{"id", line.value("id", "")}, {"sentences", sentences}};
}

}  // namespace

int main(int argc, char** argv) {
  Budget budget;
  Without without;
  std::optional<unsigned> seed;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--list") {
      for (const char* name : kIngredients) std::cout << name << '\n';
      return 0;
    }
    if (arg == "--sentences" && i + 1 < argc) {
      budget.sentences = std::stoi(argv[++i]);
    } else if (arg == "--words" && i + 1 < argc) {
      budget.words = std::stoi(argv[++i]);
    } else if (arg == "--disturb" && i + 1 < argc) {
      seed = static_cast<unsigned>(std::stoul(argv[++i]));
    } else {
      without.insert(arg);
    }
  }
  unsigned number = 0;
  for (std::string line; std::getline(std::cin, line); ++number) {
    // The same factors for a story, whatever is left out of its summary.
    std::seed_seq seeds{seed.value_or(0), number};
    std::mt19937 random(seeds);
    std::cout << summarize_line(json::parse(line), budget, without, seed ? &random : nullptr)
                     .dump(-1, ' ', false, json::error_handler_t::replace)
              << '\n';
  }
}
