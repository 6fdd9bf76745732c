#include "daemon/feed/rules.h"

#include <gmock/gmock.h>

#include <array>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using ::testing::HasSubstr;

FeedItem item() {
  FeedItem item;
  item.title = "Weekly Quiz: Straße and café";
  item.link = "https://example.org/video/7";
  item.categories = {"World", "Sports"};
  item.authors = {"Ann Example", "Desk"};
  item.summary = "<p>Ten <b>questions</b> about the <i>budget</i>.</p>";
  return item;
}

struct Case {
  const char* rule;
  bool matches;
};

TEST(Rule, Matches) {
  const Case cases[] = {
      {"title ~ /quiz/", false},
      {"title ~ /quiz/i", true},
      {"title ~ /^Weekly\\b/", true},
      {"title = weekly quiz: STRASSE and café", true},
      {"title = Weekly", false},
      {"tag = sports", true},
      {"tag = sport", false},
      {"tag ~ /^Spo/", true},
      {"url ^ https://example.org/video/", true},
      {"url ^ example.org", false},
      {"url ~ /\\/video\\//", true},
      {"author ~ /^desk$/i", true},
      {"author = nobody", false},
      {"text ~ /Ten questions about the budget/", true},
      {"text ~ /<b>/", false},
      {"  title~/quiz/i  ", true},
  };
  for (const Case& each : cases) {
    const auto rule = Rule::parse(each.rule);
    ASSERT_TRUE(rule) << rule.error().message;
    EXPECT_EQ(rule->matches(item()), each.matches) << each.rule;
  }
}

/// Each field with a word that no other has: every operator finds it there and nowhere else.
TEST(Rule, EveryOperatorReadsEveryFieldAndNoOther) {
  FeedItem marked;
  marked.title = "Titleword one";
  marked.link = "Urlword://two";
  marked.categories = {"first", "Tagword three"};
  marked.authors = {"first", "Authorword four"};
  marked.summary = "<p>Textword <b>five</b></p>";
  const std::vector<std::array<std::string, 3>> fields{{"title", "Titleword", "Titleword one"},
                                                       {"url", "Urlword", "Urlword://two"},
                                                       {"tag", "Tagword", "Tagword three"},
                                                       {"author", "Authorword", "Authorword four"},
                                                       {"text", "Textword", "Textword five"}};
  for (const auto& [field, unused_word, unused_whole] : fields) {
    for (const auto& [owner, word, whole] : fields) {
      const bool own = field == owner;
      const std::pair<std::string, bool> rules[] = {
          {field + " ~ /" + word + "/", own},
          {field + " ~ /" + to_lower(word) + "/i", own},
          {field + " ~ /" + to_lower(word) + "/", false},
          {field + " = " + to_lower(whole), own},
          {field + " = " + word, false},
          {field + " ^ " + word, own},
          {field + " ^ " + to_lower(word), false},
          {field + " ^ " + whole.substr(1), false},
      };
      for (const auto& [rule, matches] : rules) {
        const auto parsed = Rule::parse(rule);
        ASSERT_TRUE(parsed) << rule << ": " << parsed.error().message;
        EXPECT_EQ(parsed->matches(marked), matches) << rule;
      }
    }
  }
}

TEST(Rule, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no field \"\""},
      {"titel = x", "no field \"titel\" (title, url, tag, author, text)"},
      {"title", "needs an operator"},
      {"title =", "needs an operator (~ = ^) and a value"},
      {"title ! x", "no operator \"!\""},
      {"title ~ quiz", "between slashes"},
      {"title ~ /", "between slashes"},
      {"title ~ //", "the pattern is empty"},
      {"title ~ /x/g", "unknown flag \"g\""},
      {"title ~ /(x/", "wrong at character"},
  };
  for (const auto& [rule, message] : cases) {
    const auto parsed = Rule::parse(rule);
    ASSERT_FALSE(parsed) << rule;
    EXPECT_EQ(parsed.error().code, ErrorCode::kBadConfig);
    EXPECT_THAT(parsed.error().message, HasSubstr(message)) << rule;
  }
}

TEST(Rule, CatastrophicPatternEndsAsNoMatch) {
  const auto rule = Rule::parse("title ~ /^(a+)+$/");
  ASSERT_TRUE(rule);
  FeedItem hostile;
  hostile.title = std::string(60'000, 'a') + "!";
  EXPECT_FALSE(rule->matches(hostile));
}

TEST(ItemRules, DropIsStrongerThanKeep) {
  const auto rules = parse_rules({"tag = world", "title ~ /never/"}, {"title ~ /quiz/i"});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->refusal(item()), "drop rule: title ~ /quiz/i");
  FeedItem other = item();
  other.title = "Budget passed";
  EXPECT_EQ(rules->refusal(other), std::nullopt);
  other.categories = {"Local"};
  EXPECT_EQ(rules->refusal(other), "no keep rule matches");
  EXPECT_EQ(ItemRules{}.refusal(other), std::nullopt);
}

TEST(ItemRules, FirstBadRuleIsTheError) {
  const auto rules = parse_rules({"tag = x"}, {"oops"});
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().message, HasSubstr("\"oops\""));
}

}  // namespace
}  // namespace nutgraf
