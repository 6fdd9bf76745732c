#include "daemon/app/feeds_answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/memory_store.h"

namespace nutgraf {
namespace {

using nlohmann::json;

std::string no_envelope(const Draft&, const Stamp&) { return {}; }

TEST(FeedsAnswer, TellsWhatWasLearnedOfAFeedAndIsStillBelieved) {
  const Time since(std::chrono::milliseconds(1'795'255'200'000));
  MemoryStore store(no_envelope);
  const FurnitureLine believed{.line = 1, .since = since, .text = "Read us on paper"};
  const FurnitureLine former{
      .line = 2, .since = since, .until = since + std::chrono::hours(1), .text = "Old"};
  Batch batch;
  batch.furniture = {{"a", "", Furniture{3, {believed, former}}}};
  ASSERT_TRUE(store.ledger().commit(batch, since).has_value());
  FeedBook book;
  FeedSource a;
  a.id = "a";
  FeedSource b;
  b.id = "b";
  book.configure({a, b});
  const json told = feeds_answer(book, {}, store.reader(), {"a", "b"}).value().at("feeds");
  EXPECT_EQ(told[0].at("furniture"),
            json::parse(R"({"version":3,"lines":[{"text":"Read us on paper",
                            "since":"2026-11-21T10:00:00Z"}]})"));
  EXPECT_FALSE(told[1].contains("furniture"));
}

}  // namespace
}  // namespace nutgraf
