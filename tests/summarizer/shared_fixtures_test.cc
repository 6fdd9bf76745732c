// The rankings against exact values of an independent implementation, where those are at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "summarizer/porter.h"
#include "summarizer/rank.h"
#include "summarizer/selection.h"
#include "tests/summarizer/oracle.h"

namespace nutgraf::summarizer {
namespace {

using Json = nlohmann::json;
using Tokens = std::vector<std::vector<std::string>>;

constexpr RankOptions kExact{.damping = 0.85, .tolerance = 1e-13, .max_iterations = 1000};

std::filesystem::path corpus() {
  const char* shared = std::getenv("NUTGRAF_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : NUTGRAF_SHARED_DEFAULT) / "corpus" /
         "summaries";
}

Json read(const char* name) { return Json::parse(std::ifstream(corpus() / name)); }

/// "key TAB value" lines.
std::map<std::string, std::string> read_table(const char* name) {
  std::map<std::string, std::string> out;
  std::ifstream file(corpus() / name);
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos) out[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return out;
}

void expect_near(const std::vector<double>& got, const Json& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], expected[i].get<double>(), 1e-9) << what << " " << i;
  }
}

void expect_picks(const Picks& got, const Json& expected, const std::string& what) {
  ASSERT_GE(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(got[i], expected[i].get<std::size_t>()) << what << " " << i;
  }
}

/// The rougher score of the fixtures, by the marks of the sentence itself.
double marks(const std::string& sentence, double quote) {
  const auto begins = [&](const char* mark) { return sentence.starts_with(mark); };
  double out = 1;
  if (begins("\"") || begins("'") || begins("“") || begins("‘") || begins("”") || begins("`")) {
    out *= quote;
  }
  std::string_view s = sentence;
  for (bool more = true; more && !s.empty();) {
    more = false;
    for (const std::string_view close : {"\"", "”", "'", "’", ")", "]", " "}) {
      if (s.ends_with(close)) {
        s.remove_suffix(close.size());
        more = true;
      }
    }
  }
  if (!(s.ends_with(".") || s.ends_with("!") || s.ends_with("?") || s.ends_with("…"))) {
    out *= 0.5;
  }
  int words = 0;
  bool in_word = false;
  for (const char c : sentence) {
    const bool word = c != ' ';
    words += word && !in_word;
    in_word = word;
  }
  return words < 5 ? out * 0.001 : out;
}

Picks picks_of(const std::vector<double>& scores, const Vectors& vectors) {
  std::vector<Candidate> candidates;
  const double best = scores.empty() ? 1 : *std::ranges::max_element(scores);
  for (const double s : scores) candidates.push_back({.score = s / best, .length = 1});
  const std::vector<std::span<const Word>> words(scores.size());  // Nothing repeats anything.
  return pick_bundles(words, candidates, vectors, {.sentences = 12}, {.novelty = 0.3});
}

class SharedFixtures : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(corpus() / "textrank_fixtures.json")) {
      GTEST_SKIP() << "no fixtures at " << corpus() << " (set NUTGRAF_SHARED)";
    }
  }
};

TEST_F(SharedFixtures, TextRankInBothForms) {
  const Json docs = read("textrank_fixtures.json")["docs"];
  ASSERT_FALSE(docs.empty());
  for (const Json& doc : docs) {
    const std::string name = doc["name"];
    const Graph graph = overlap_graph(test::terms_of_tokens(doc["tokens"].get<Tokens>()));
    std::size_t edges = 0;
    for (const Json& w : doc["weights"]) {
      const auto own = graph.of(w[0].get<std::size_t>());
      const auto edge = std::ranges::find(own, w[1].get<std::uint32_t>(), &Graph::Edge::to);
      ASSERT_NE(edge, own.end()) << name;
      EXPECT_NEAR(edge->weight, w[2].get<double>(), 1e-9) << name;
      ++edges;
    }
    EXPECT_EQ(graph.edges.size(), 2 * edges) << name;
    expect_near(rank_graph(graph, kExact), doc["scores"], name);
    expect_near(rank_graph_paper(graph, kExact), doc["scores_paper_form"], name);
  }
}

TEST_F(SharedFixtures, RecipeOfASingleStory) {
  const auto df = read_table("idf_background.tsv");
  const double n = std::stod(df.at("#N"));
  const auto idf = [&](const std::string& word) {
    const auto found = df.find(word);
    const double count = found == df.end() ? 0 : std::stod(found->second);
    return std::max(0.0, std::log((n + 1) / (count + 0.5)));
  };
  const Json docs = read("recipe_fixtures.json")["docs"];
  ASSERT_FALSE(docs.empty());
  for (const Json& doc : docs) {
    const std::string id = doc["id"];
    const auto tokens = doc["tokens"].get<Tokens>();
    const Terms terms = test::terms_of_tokens(tokens);
    std::map<std::uint64_t, double> weights_by_hash;
    for (const auto& sentence : tokens) {
      for (const auto& word : sentence) weights_by_hash[hash_word(word)] = std::sqrt(idf(word));
    }
    std::vector<double> weights(terms.size());
    for (std::uint32_t t = 0; t < weights.size(); ++t) weights[t] = weights_by_hash[terms.stem(t)];
    const Vectors vectors = make_vectors(terms, weights);
    std::vector<double> scores = rank_directed(vectors, 0.2, kExact);
    expect_near(scores, doc["pagerank"], id);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] *= marks(doc["sentences"][i], 0.6) / std::pow(static_cast<double>(i + 1), 0.3);
    }
    expect_near(scores, doc["final"], id);
    expect_picks(picks_of(scores, vectors), doc["pick_order"], id);
  }
}

TEST_F(SharedFixtures, PorterStems) {
  const auto stems = read_table("porter.tsv");
  ASSERT_FALSE(stems.empty());
  for (const auto& [word, stem] : stems) {
    std::string w = word;
    porter_stem(w);
    EXPECT_EQ(w, stem) << word;
  }
}

/// The tokens of the fixtures: ASCII words, without stop words, stemmed.
class FixtureTokenizer {
 public:
  FixtureTokenizer() {
    std::ifstream file(corpus() / "stopwords_en.txt");
    for (std::string word; std::getline(file, word);) stop_.insert(word);
  }

  std::vector<std::string> operator()(const std::string& sentence) const {
    std::vector<std::string> out;
    const std::string s = plain(sentence);
    const auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    for (std::size_t i = 0; i < s.size();) {
      if (!word(s[i])) {
        ++i;
        continue;
      }
      std::size_t end = i;
      while (end < s.size() && word(s[end])) ++end;
      if (end + 1 < s.size() && s[end] == '\'' && s[end + 1] >= 'a' && s[end + 1] <= 'z') {
        for (++end; end < s.size() && s[end] >= 'a' && s[end] <= 'z';) ++end;
      }
      add(s.substr(i, end - i), out);
      i = end;
    }
    return out;
  }

 private:
  static std::string plain(const std::string& sentence) {
    std::string s;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      if (sentence.compare(i, 3, "’") == 0) {
        s += '\'';
        i += 2;
      } else {
        const char c = sentence[i];
        s += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      }
    }
    return s;
  }

  void add(std::string word, std::vector<std::string>& out) const {
    if (stop_.contains(word)) return;
    if (word.ends_with("'s")) word.resize(word.size() - 2);
    if (stop_.contains(word) || word.size() < 2) return;
    porter_stem(word);
    out.push_back(word);
  }

  std::set<std::string> stop_;
};

TEST_F(SharedFixtures, RecipeOfAClusterOfReports) {
  const FixtureTokenizer tokenize;
  const Json docs = read("cluster_fixtures.json")["docs"];
  ASSERT_FALSE(docs.empty());
  for (const Json& doc : docs) {
    const std::string id = doc["id"];
    Tokens tokens;
    std::vector<int> document;
    std::vector<double> factors;
    for (std::size_t d = 0; d < doc["documents"].size(); ++d) {
      for (std::size_t p = 0; p < doc["documents"][d].size(); ++p) {
        const std::string sentence = doc["documents"][d][p];
        tokens.push_back(tokenize(sentence));
        document.push_back(static_cast<int>(d));
        factors.push_back(marks(sentence, 0.8) / std::pow(static_cast<double>(p + 1), 0.05));
      }
    }
    const Terms terms = test::terms_of_tokens(tokens);
    const Vectors vectors = make_vectors(terms, own_weights(terms));
    std::vector<double> scores = rank_cluster(vectors, document, {kClusterDamping, 1e-13, 1000});
    expect_near(scores, doc["pagerank"], id);
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] *= factors[i];
    expect_near(scores, doc["final"], id);
    expect_picks(picks_of(scores, vectors), doc["pick_order"], id);
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
