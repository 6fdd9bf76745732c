// Stores of earlier versions: each is brought to this one whole, or refused with what to do next.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "daemon/store/sqlite_db.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/store/verify.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

constexpr int kFirst = 6;  // Earlier ones were never released, and are refused.

/// The last that versions/ has a file for. Whoever makes a version 9 adds the file of 8: what made
/// a store of 7 one of it, and rows of what came with it.
constexpr int kLast = 7;

std::string name_of(int version) { return "from_" + std::to_string(version); }

std::string sql_of(int version) {
  std::ostringstream text;
  text << std::ifstream(std::string(NUTGRAF_TEST_DIR) + "/store/versions/" +
                        std::to_string(version) + ".sql")
              .rdbuf();
  return text.str();
}

/// The sums of the rows' checksums, as the version that wrote them had them.
struct Sum {
  int since;
  const char* table;
  std::int64_t sum;
};
constexpr Sum kSums[] = {
    {6, "counter", 3367683962},     {6, "topic", 5676624088},     {6, "log", 12684625890},
    {6, "feed", 3918783503},        {6, "item", 10119215834},     {6, "pending", 5000540776},
    {6, "quarantine", 1608996715},  {6, "trail", 23438577813},    {6, "story", 4391683054},
    {6, "fingerprint", 6742503483}, {6, "event", 3359129424},     {6, "member", 5056116475},
    {6, "note", 4082464585},        {7, "furniture", 7751440185}, {7, "line_count", 3290628570},
};

/// A file as a nutgrafd of that version left it behind.
void write_store(const fs::path& file, int version) {
  sqlite::Connection db(file, sqlite::Access::kReadWrite, {});
  db.execute("PRAGMA application_id = 0x6e677266");
  for (int step = kFirst; step <= version; ++step) db.execute(sql_of(step));
  db.execute("PRAGMA user_version = " + std::to_string(version));
  for (const Sum& expected : kSums) {
    if (expected.since > version) continue;
    const std::string table = expected.table;
    EXPECT_EQ(db.integer("SELECT sum(sum) FROM " + table), expected.sum) << table;
  }
}

std::int64_t version_of(const fs::path& file) {
  return sqlite::Connection(file, sqlite::Access::kReadOnly, {}).integer("PRAGMA user_version");
}

/// "<topic>|<epoch>|<seq>|<prev>|<payload>" [drafts.h]
std::optional<Stamp> read_test_envelope(std::string_view body) {
  std::istringstream parts{std::string(body)};
  std::string topic;
  std::string seq;
  std::string prev;
  Stamp stamp;
  for (std::string* part : {&topic, &stamp.epoch, &seq, &prev}) std::getline(parts, *part, '|');
  stamp.seq = std::stoll(seq);
  stamp.prev = std::stoll(prev);
  return stamp;
}

StoreReport verified(const fs::path& file) {
  const auto report = verify_store(file, {.read_envelope = read_test_envelope});
  EXPECT_TRUE(report.has_value()) << report.error().message;
  return report.value_or(StoreReport{});
}

void expect_sound(const fs::path& file) {
  for (const auto& finding : verified(file).findings) {
    ADD_FAILURE() << finding.check << ": " << finding.what;
  }
}

class Migration : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    write_store(file(), GetParam());
    auto opened = SqliteStore::open(file(), test_envelope);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
  }

  fs::path file() const { return folder_.file("n.db"); }
  Ledger& ledger() { return store_->ledger(); }

  TempFolder folder_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_P(Migration, GivesASoundStoreOfThisVersion) {
  expect_sound(file());
  TempFolder fresh;
  SqliteStore::open(fresh.file("n.db"), test_envelope).value();
  EXPECT_EQ(version_of(file()), version_of(fresh.file("n.db")));
  EXPECT_LE(version_of(file()), kLast + 1) << "versions/ lacks one";
}

TEST_P(Migration, KeepsTheLogItsEpochAndItsNumbers) {
  EXPECT_EQ(store_->new_epoch(), std::nullopt);
  const LogPosition position = ledger().position().value();
  EXPECT_EQ(position.epoch, "e1dd926b50654a19dc3392685644cdbe");
  EXPECT_EQ(position.head, 6);
  EXPECT_EQ(position.floor, 2);
  const auto reader = store_->reader().value();
  const auto page = reader->page({.epoch = position.epoch, .after = 1}).value();
  EXPECT_EQ(std::get<LogPage>(page).messages.size(), 5u);
  EXPECT_EQ(reader->latest_of("s-plain").value()->seq, 3);
  EXPECT_EQ(reader->snapshot({}, 0)->messages.at(0).seq, 5);

  const auto sent = ledger().commit(message_only("feed.f", "next"), at(100)).value();
  EXPECT_EQ(sent.at(0).seq, 7);
  EXPECT_EQ(sent.at(0).body,
            test_envelope(draft("feed.f", "next"), {.epoch = position.epoch, .seq = 7, .prev = 6}));
  expect_sound(file());
}

TEST_P(Migration, KeepsFeedsAndTheirItems) {
  const FeedState state = ledger().feed_state("f").value().value();
  EXPECT_EQ(state.etag, "\"v1\"");
  EXPECT_EQ(state.last_modified, "Sat, 21 Nov 2026 10:00:00 GMT");
  EXPECT_EQ(state.title, "Example");
  EXPECT_EQ(state.next_poll, at(900'000));
  EXPECT_EQ(state.polls, 3);
  EXPECT_EQ(state.habits.good_polls, 3);

  const std::vector<std::string> keys{"plain", "twin", "page", "bad", "unheard"};
  const auto known = ledger().known_items("f", keys).value();
  ASSERT_EQ(known.size(), 4u);
  for (const KnownItem& item : known) {
    EXPECT_EQ(item.content_hash, 0xfeedfacecafebeefULL);
    EXPECT_EQ(item.pending, item.item_key == "page");
    EXPECT_EQ(item.quarantined, item.item_key == "bad");
    const bool told = item.item_key == "plain" || item.item_key == "twin";
    EXPECT_EQ(item.story_id, told ? "s-plain" : "");
  }
  const auto reader = store_->reader().value();
  const auto quarantined = reader->quarantined().value();
  ASSERT_EQ(quarantined.size(), 1u);
  EXPECT_EQ(quarantined[0].title, "title of bad");
  const auto trail = reader->trail("", "guid-twin", "").value();
  ASSERT_EQ(trail.size(), 2u);
  EXPECT_EQ(trail[1].reason, "near 0.93 of s-plain");
}

TEST_P(Migration, KeepsWhatWaits) {
  const auto claimed = store_->work().claim({.now = at(1'000)}).value();
  ASSERT_EQ(claimed.size(), 2u);
  EXPECT_EQ(claimed[0].id, 4);
  EXPECT_EQ(claimed[0].item.title, "title of waits");
  EXPECT_EQ(claimed[0].item.authors, std::vector<std::string>{"Ann Author"});
  EXPECT_EQ(claimed[0].crashes, 1);  // It was in hand when the earlier nutgrafd ended.
  EXPECT_EQ(claimed[1].item.link, "https://site.example/page");
  EXPECT_EQ(claimed[1].page_host, "site.example");
  ASSERT_TRUE(ledger().commit(poll_of({arrival("fresh")}), at(1'001)).has_value());
  EXPECT_EQ(store_->work().claim({.now = at(1'002)})->at(0).id, 7);

  std::vector<SiteNote> notes;
  const auto keep = [&](const SiteNote& note) { notes.push_back(note); };
  ASSERT_TRUE(store_->work().each_note(at(0), 10, keep).has_value());
  EXPECT_THAT(notes, ElementsAre(SiteNote{"robots https://site.example",
                                          "User-agent: *\nDisallow: /private", at(86'400'000)}));
}

TEST_P(Migration, KeepsStoriesAndWhatTellsDuplicates) {
  const Story story = ledger().story("s-plain").value().value();
  EXPECT_EQ(story.title, "title of plain");
  EXPECT_EQ(story.text, "Text of plain");
  EXPECT_EQ(story.summary.sentences.size(), 1u);
  EXPECT_EQ(story.event_id, "e1");
  EXPECT_THAT(ledger().story_by_url_key("url-twin").value(), Optional(std::string("s-plain")));
  EXPECT_THAT(ledger().story_by_text_hash(0xfeedfacecafebeefULL + 6).value(),
              Optional(std::string("s-held")));
  std::vector<std::string> prints;
  const auto keep = [&](const StoredFingerprint& print) {
    prints.push_back(print.fingerprint);
    return true;
  };
  ASSERT_TRUE(ledger().fingerprints_since(at(0), keep).has_value());
  const std::string head("\0\x01\xfe print of ", 13);
  EXPECT_THAT(prints, ElementsAre(head + "plain", head + "twin", head + "held"));
}

TEST_P(Migration, KeepsEventsAndTheirMembers) {
  const auto events = ledger().live_events().value();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].event.title, "event e1");
  EXPECT_EQ(events[0].event.summary.at(0).story_id, "s-plain");
  EXPECT_EQ(events[0].dirty_revision, 2);
  EXPECT_THAT(events[0].due, Optional(at(30'000)));
  std::vector<std::string> members;
  const auto keep = [&](const StoredMember& member) {
    EXPECT_EQ(member.published, at(-60'000));
    members.push_back(member.story_id + member.vector);
    return true;
  };
  ASSERT_TRUE(ledger().members_since(at(0), keep).has_value());
  const std::string head("\x02\0vector of ", 12);
  EXPECT_THAT(members, ElementsAre("s-plain" + head + "plain", "s-held" + head + "held"));
  EXPECT_EQ(store_->work().event_stories("e1", 5)->size(), 2u);
}

TEST_P(Migration, KeepsLearnedFurniture) {
  const Furniture furniture = store_->reader().value()->furniture("f").value();
  if (GetParam() < 7) {
    EXPECT_EQ(furniture, Furniture{});
    EXPECT_EQ(ledger().line_counts("f").value(), "");
    return;
  }
  const FurnitureLine old{~std::uint64_t{0}, at(1), at(2), "Old prompt"};
  EXPECT_EQ(furniture, (Furniture{2, {old, {.line = 7, .since = at(3), .text = "Subscribe"}}}));
  EXPECT_EQ(ledger().line_counts("f").value(), std::string("\0\xFF"
                                                           "counts",
                                                           8));
}
TEST_P(Migration, LooksAtPagesAgain) {
  EXPECT_TRUE(store_->work().claim_rechecks(at(1), 9, {})->empty());
  Batch batch;
  RecheckCommit& look = batch.rechecks.emplace_back();
  look.look.story_id = "s-plain";
  look.look.item.item.title = "title of plain";
  look.due = at(0);
  ASSERT_TRUE(ledger().commit(batch, at(0)).has_value());
  EXPECT_EQ(store_->work().claim_rechecks(at(1), 9, {})->size(), 1u);
  expect_sound(file());
}
INSTANTIATE_TEST_SUITE_P(Versions, Migration, testing::Range(kFirst, kLast + 1),
                         [](const auto& row) { return name_of(row.param); });

/// Only nutgrafd migrates: what reads beside it changes nothing.
TEST(EarlierVersion, IsNotReadByTheToolsYet) {
  const TempFolder folder;
  const fs::path file = folder.file("n.db");
  write_store(file, kFirst);
  const auto reader = open_log_reader(file);
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().code, ErrorCode::kRefused);
  EXPECT_THAT(reader.error().message, HasSubstr("start nutgrafd on it first"));
  const auto report = verify_store(file, {.read_envelope = read_test_envelope});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kRefused);
  EXPECT_EQ(version_of(file), kFirst);
}

class NeverReleased : public testing::TestWithParam<int> {};

TEST_P(NeverReleased, IsRefusedWithWhatToDoAndLeftAsItIs) {
  const TempFolder folder;
  const fs::path file = folder.file("n.db");
  {
    sqlite::Connection db(file, sqlite::Access::kReadWrite, {});
    db.execute(
        "PRAGMA application_id = 0x6e677266; CREATE TABLE counter(one, epoch, head);"
        "PRAGMA user_version = " +
        std::to_string(GetParam()));
  }
  const auto store = SqliteStore::open(file, test_envelope);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::kBadConfig);
  EXPECT_THAT(store.error().message, HasSubstr("move the file away to begin a new one"));
  EXPECT_THAT(open_log_reader(file).error().message, HasSubstr("move the file away"));
  EXPECT_EQ(version_of(file), GetParam());
}
INSTANTIATE_TEST_SUITE_P(Versions, NeverReleased, testing::Range(1, kFirst),
                         [](const auto& row) { return name_of(row.param); });

}  // namespace
}  // namespace nutgraf
