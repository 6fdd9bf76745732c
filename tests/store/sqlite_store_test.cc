// What only a store on a disk can do wrong.
#include "daemon/store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/model/json.h"
#include "daemon/model/withdrawal.h"
#include "daemon/store/sqlite_db.h"
#include "daemon/store/sqlite_row_sum.h"
#include "daemon/store/verify.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

using testing::HasSubstr;

std::unique_ptr<SqliteStore> open(const TempFolder& folder, const StoreOptions& options = {}) {
  auto store = SqliteStore::open(folder.file("n.db"), test_envelope, options);
  EXPECT_TRUE(store.has_value()) << store.error().message;
  return std::move(*store);
}

/// Of the file and its log.
std::string bytes_of(const std::filesystem::path& file) {
  std::string all;
  for (const char* suffix : {"", "-wal"}) {
    std::ostringstream read;
    read << std::ifstream(file.string() + suffix, std::ios::binary).rdbuf();
    all += read.str();
  }
  return all;
}

/// Another connection, as an operator's sqlite3 would be.
class Outsider {
 public:
  explicit Outsider(const std::filesystem::path& file) {
    sqlite3_open(file.c_str(), &db_);
    sqlite::add_row_sum(db_);
  }
  ~Outsider() { sqlite3_close(db_); }
  void run(const char* sql) {
    ASSERT_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db_);
  }

 private:
  sqlite3* db_ = nullptr;
};

Error error_of_open(const TempFolder& folder) {
  const auto store = SqliteStore::open(folder.file("n.db"), test_envelope);
  return store ? Error{ErrorCode::kTransient, "it opened"} : store.error();
}

TEST(SqliteStore, CommitsNothingToAFileThatWasMovedAway) {
  const TempFolder folder;
  const auto store = open(folder);
  ASSERT_TRUE(store->ledger().commit(message_only("t.", "one"), at(0)).has_value());
  std::filesystem::rename(folder.file("n.db"), folder.file("elsewhere.db"));
  const auto refused = store->ledger().commit(message_only("t.", "two"), at(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_THAT(refused.error().message, HasSubstr("n.db: the file was moved or deleted"));
  // Another one in its place is not it.
  std::ofstream(folder.file("n.db")) << "something else";
  EXPECT_FALSE(store->ledger().commit(message_only("t.", "two"), at(2)).has_value());
  std::filesystem::rename(folder.file("elsewhere.db"), folder.file("n.db"));
  const auto two = store->ledger().commit(message_only("t.", "two"), at(3));
  ASSERT_TRUE(two.has_value()) << two.error().message;
  EXPECT_EQ(two->at(0).seq, 2u);
}

/// What is in the write-ahead log alone would be gone with the process.
TEST(SqliteStore, CommitsNothingWhileItsLogIsMovedAway) {
  const TempFolder folder;
  auto store = open(folder);
  ASSERT_TRUE(store->ledger().commit(message_only("t.", "one"), at(0)).has_value());
  std::filesystem::rename(folder.file("n.db-wal"), folder.file("elsewhere"));
  const auto refused = store->ledger().commit(message_only("t.", "two"), at(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_THAT(refused.error().message, HasSubstr("n.db-wal was moved or deleted"));
  std::ofstream(folder.file("n.db-wal")) << "something else";
  EXPECT_FALSE(store->ledger().commit(message_only("t.", "two"), at(2)).has_value());
  std::filesystem::rename(folder.file("elsewhere"), folder.file("n.db-wal"));
  const auto two = store->ledger().commit(message_only("t.", "two"), at(3));
  ASSERT_TRUE(two.has_value()) << two.error().message;

  // Deleted, it is copied into the file by a stop that is none by force.
  std::filesystem::remove(folder.file("n.db-wal"));
  EXPECT_FALSE(store->ledger().commit(message_only("t.", "three"), at(4)).has_value());
  store.reset();
  store = open(folder);
  EXPECT_EQ(store->new_epoch(), std::nullopt);
  EXPECT_EQ(store->ledger().position()->head, 2);
}

TEST(SqliteStore, KeepsItsEpochAndItsContentsOverARestart) {
  const TempFolder folder;
  std::string epoch;
  {
    const auto store = open(folder);
    epoch = store->ledger().position()->epoch;
    EXPECT_EQ(epoch.size(), 32u);
    ASSERT_TRUE(store->ledger().commit(message_only("t.", "one"), at(0)).has_value());
  }
  const auto store = open(folder);
  EXPECT_EQ(store->ledger().position()->epoch, epoch);
  EXPECT_EQ(store->ledger().position()->head, 1);
  EXPECT_EQ(store->ledger().position()->topics.at("t."), 1);
}

TEST(SqliteStore, EveryStoreHasAnEpochOfItsOwn) {
  const TempFolder one;
  const TempFolder two;
  EXPECT_NE(open(one)->ledger().position()->epoch, open(two)->ledger().position()->epoch);
}

TEST(SqliteStore, ClearsClaimsAtOpenAndChargesThemACrash) {
  const TempFolder folder;
  {
    const auto store = open(folder);
    ASSERT_TRUE(store->ledger().commit(poll_of({arrival("a")}), at(0)).has_value());
    ASSERT_EQ(store->work().claim({.now = at(1)})->size(), 1u);
  }
  const auto store = open(folder);
  const PendingItem again = store->work().claim({.now = at(1)})->at(0);
  EXPECT_EQ(again.attempts, 1);  // It did not fail; the process died.
  EXPECT_EQ(again.crashes, 1);
}

TEST(SqliteStore, AFullDiskLosesNothingAndTheBatchGetsItsNumbersLater) {
  const TempFolder folder;
  Batch large = message_only("t.", "first");
  large.polls[0].arrivals = {arrival("a")};
  large.polls.push_back(message_only("t.", std::string(2 << 20, 'x')).polls[0]);
  {
    const auto store = open(folder, {.max_bytes = 1 << 20});
    ASSERT_TRUE(store->ledger().commit(message_only("t.", "small"), at(0)).has_value());
    for (int i = 0; i < 2; ++i) {
      const auto refused = store->ledger().commit(large, at(1));
      ASSERT_FALSE(refused.has_value());
      EXPECT_EQ(refused.error().code, ErrorCode::kTransient) << refused.error().message;
      EXPECT_EQ(store->ledger().position()->head, 1);
      EXPECT_TRUE(store->ledger().known_items("f", std::vector<std::string>{"a"})->empty());
    }
    // What fits is still taken, with the number that the other did not get.
    const auto fits = store->ledger().commit(message_only("t.", "fits"), at(2)).value();
    ASSERT_EQ(fits.size(), 1u);  // And nothing of the other is published with it.
    EXPECT_EQ(fits[0].seq, 2);
  }
  const auto store = open(folder);
  EXPECT_EQ(store->ledger().commit(large, at(1))->at(0).seq, 3);
}

TEST(SqliteStore, AnIdenticalBatchGetsTheSameBytesAfterAFailure) {
  const TempFolder folder;
  const auto store = open(folder, {.busy_timeout = std::chrono::milliseconds(1)});
  ASSERT_TRUE(store->ledger().commit(message_only("t.", "one"), at(0)).has_value());
  const Batch batch = message_only("t.", "two");
  {
    Outsider outsider(folder.file("n.db"));
    outsider.run("BEGIN IMMEDIATE");
    EXPECT_EQ(store->ledger().commit(batch, at(1)).error().code, ErrorCode::kTransient);
    outsider.run("ROLLBACK");
  }
  const auto messages = store->ledger().commit(batch, at(1)).value();
  const std::string epoch = store->ledger().position()->epoch;
  EXPECT_EQ(messages.at(0).body, "t.|" + epoch + "|2|1|two");
}

TEST(SqliteStore, ASecondProcessIsRefusedByName) {
  const TempFolder folder;
  const auto store = open(folder);
  const pid_t child = fork();
  if (child == 0) {
    const Error error = error_of_open(folder);
    const bool named =
        error.message.find("process " + std::to_string(getppid())) != std::string::npos;
    _exit(error.code == ErrorCode::kRefused && named ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(SqliteStore, TheLockGoesWithTheStore) {
  const TempFolder folder;
  open(folder).reset();
  EXPECT_NE(open(folder), nullptr);
}

TEST(SqliteStore, AFolderThatIsNotThereIsSaidSo) {
  const auto store = SqliteStore::open("/nonexistent/folder/n.db", test_envelope);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::kTransient);
  EXPECT_THAT(store.error().message, HasSubstr("/nonexistent/folder"));
}

TEST(SqliteStore, WhatIsNoFileIsASettingAndLeavesNothingBehind) {
  const TempFolder folder;
  std::filesystem::create_directory(folder.file("n.db"));
  Error error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kBadConfig);
  EXPECT_THAT(error.message, HasSubstr("n.db: is a folder; name a file as store.path"));
  std::filesystem::remove(folder.file("n.db"));
  ASSERT_EQ(mkfifo(folder.file("n.db").c_str(), 0600), 0);
  error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kBadConfig);
  EXPECT_THAT(error.message, HasSubstr("n.db: is no regular file; name a file as store.path"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("n.db.lock")));
}

TEST(SqliteStore, AFileThatCannotBeOpenedIsToldWithTheReason) {
  const TempFolder folder;
  std::filesystem::create_symlink("/nonexistent/there.db", folder.file("n.db"));
  EXPECT_THAT(sqlite::attempt([&] {
                return sqlite::Connection(folder.file("n.db"), sqlite::Access::kReadOnly, {})
                    .integer("SELECT 1");
              })
                  .error()
                  .message,
              HasSubstr("unable to open database file: No such file or directory"));
}

TEST(SqliteStore, WhatSqliteSaysIsTold) {
  const TempFolder folder;
  sqlite::Connection db(folder.file("n.db"), sqlite::Access::kReadWrite, {});
  EXPECT_THAT(sqlite::attempt([&] { db.execute("DELETE FROM nowhere"); }).error().message,
              HasSubstr("n.db: no such table: nowhere"));
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsDamage) {
  const TempFolder folder;
  std::ofstream(folder.file("n.db")) << std::string(8192, 'x');
  const Error error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message, HasSubstr("restore a backup"));
}

TEST(SqliteStore, RefusesAnotherProgramsDatabase) {
  const TempFolder folder;
  Outsider(folder.file("n.db")).run("CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)");
  const Error error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kBadConfig);
  EXPECT_THAT(error.message, HasSubstr(folder.file("n.db").string() + ": another program's"));
}

TEST(SqliteStore, LeavesAnotherProgramsDatabaseAsItWas) {
  const TempFolder folder;
  sqlite3* theirs = nullptr;
  ASSERT_EQ(sqlite3_open(folder.file("n.db").c_str(), &theirs), SQLITE_OK);
  sqlite3_exec(theirs, "CREATE TABLE theirs(x)", nullptr, nullptr, nullptr);
  sqlite3_close(theirs);
  const std::string before = bytes_of(folder.file("n.db"));
  EXPECT_EQ(error_of_open(folder).code, ErrorCode::kBadConfig);
  EXPECT_TRUE(bytes_of(folder.file("n.db")) == before);
}

TEST(SqliteStore, RefusesALaterVersion) {
  const TempFolder folder;
  open(folder).reset();
  Outsider(folder.file("n.db")).run("PRAGMA user_version = 99");
  const Error error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kBadConfig);
  EXPECT_THAT(error.message, HasSubstr("later nutgraf"));
}

/// Every sort of damage that opening looks for, and what it says.
TEST(SqliteStore, DetectsPlainDamageAtOpen) {
  const std::pair<const char*, const char*> cases[] = {
      {"DELETE FROM log WHERE seq = 3", "message 3 is missing"},
      {"DELETE FROM log WHERE seq = 1", "message 1 is missing"},
      {"UPDATE log SET body = body || ' ' WHERE seq = 3", "message 3 does not match"},
      {"UPDATE log SET topic = 'u.' WHERE seq = 3", "message 3 does not match"},
      {"UPDATE counter SET head = 2", "ahead of its counter"},
      {"UPDATE counter SET floor = 9", "contradicts itself"},
      {"DELETE FROM counter", "counter is missing"},
      {"UPDATE topic SET head = 9", "ahead of the counter"},
      {"DROP TABLE member", "member is missing"},
  };
  for (const auto& [damage, message] : cases) {
    const TempFolder folder;
    {
      const auto store = open(folder);
      for (const char* text : {"1", "2", "3"}) {
        ASSERT_TRUE(store->ledger().commit(message_only("t.", text), at(0)).has_value());
      }
    }
    Outsider(folder.file("n.db")).run(damage);
    const Error error = error_of_open(folder);
    EXPECT_EQ(error.code, ErrorCode::kStorage) << damage;
    EXPECT_THAT(error.message, HasSubstr(message)) << damage;
  }
}

TEST(SqliteStore, TheEndsOfALargeStoresLogAreLookedAtAtOpenToo) {
  const TempFolder folder;
  {
    const auto store = open(folder);
    const std::string large(33 << 20, 'x');  // Two make more than is read as a whole.
    for (const std::string& text : {std::string("1"), large, large, std::string("4")}) {
      ASSERT_TRUE(store->ledger().commit(message_only("t.", text), at(0)).has_value());
    }
  }
  EXPECT_NE(open(folder), nullptr);
  Outsider(folder.file("n.db")).run("UPDATE log SET body = 'x' WHERE seq = 4");
  const Error error = error_of_open(folder);
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_THAT(error.message, HasSubstr("message 4 does not match"));
}

TEST(SqliteStore, ADamagedMessageIsNeverServed) {
  const TempFolder folder;
  const auto store = open(folder);
  for (const char* text : {"1", "2", "3"}) {
    ASSERT_TRUE(store->ledger().commit(message_only("t.", text), at(0)).has_value());
  }
  Outsider(folder.file("n.db")).run("UPDATE log SET body = 'x' WHERE seq = 2");
  const auto reader = store->reader().value();
  EXPECT_EQ(reader->page({.after = 0}).error().code, ErrorCode::kStorage);
  EXPECT_TRUE(reader->page({.after = 2}).has_value());
}

TEST(SqliteStore, APageIsBoundedInBytesAndInRowsLookedAt) {
  const TempFolder folder;
  const auto store = open(folder);
  const auto reader = store->reader().value();
  for (int i = 0; i < 4; ++i) {
    const std::string body(i == 3 ? 5 << 20 : 3 << 19, 'x');  // 1.5 MiB, the last one 5 MiB.
    ASSERT_TRUE(store->ledger().commit(message_only("big.", body), at(0)).has_value());
  }
  Batch many;
  many.polls.resize(6'000);
  for (PollCommit& poll : many.polls) {
    poll.state.feed_id = "f";
    poll.message = draft("t.", "x");
  }
  ASSERT_TRUE(store->ledger().commit(many, at(0)).has_value());

  const auto page = [&](Sequence after) {
    LogQuery query{.after = after, .prefixes = {"big.", "none."}};
    return std::get<LogPage>(reader->page(query).value());
  };
  EXPECT_EQ(page(0).messages.size(), 2u);
  EXPECT_EQ(page(0).next, 2);
  EXPECT_EQ(page(2).messages.size(), 1u);
  EXPECT_EQ(page(3).messages.size(), 1u);  // Larger than a page, but never stuck.
  EXPECT_TRUE(page(3).more);
  const LogPage scanned = page(4);
  EXPECT_TRUE(scanned.messages.empty());
  EXPECT_EQ(scanned.next, 5'004);
  EXPECT_TRUE(scanned.more);
  EXPECT_EQ(page(scanned.next).next, 6'004);
  EXPECT_FALSE(page(scanned.next).more);
}

TEST(SqliteStore, PruningIsDoneInSmallSteps) {
  const TempFolder folder;
  const auto store = open(folder);
  Batch many;
  many.polls.resize(2'500);
  for (PollCommit& poll : many.polls) {
    poll.state.feed_id = "f";
    poll.message = draft("t.", "x");
  }
  ASSERT_TRUE(store->ledger().commit(many, at(0)).has_value());
  const Ledger::Retention keep{.log_count = 10};
  EXPECT_TRUE(store->ledger().prune(keep).value());
  EXPECT_EQ(store->ledger().position()->floor, 1'001);
  EXPECT_TRUE(store->ledger().prune(keep).value());
  EXPECT_FALSE(store->ledger().prune(keep).value());
  EXPECT_EQ(store->ledger().position()->floor, 2'491);
}

TEST(SqliteStore, AllHostsHaveTheirTurnWhateverTheLimit) {
  const TempFolder folder;
  const auto store = open(folder);
  std::vector<ItemArrival> arrivals;
  for (const char* host : {"a.org", "b.org", "c.org"}) {
    for (int i = 0; i < 2; ++i) arrivals.push_back(arrival(host + std::to_string(i), host, at(i)));
  }
  ASSERT_TRUE(store->ledger().commit(poll_of(arrivals), at(0)).has_value());
  std::vector<std::string> order;
  for (int i = 0; i < 6; ++i) {
    const auto items = store->work().claim({.now = at(9), .limit = 1}).value();
    ASSERT_EQ(items.size(), 1u);
    order.push_back(items[0].item_key);
  }
  EXPECT_THAT(order,
              testing::ElementsAre("a.org1", "b.org1", "c.org1", "a.org0", "b.org0", "c.org0"));
}

TEST(SqliteStore, AllFeedsHaveTheirTurnWhateverTheLimit) {
  const TempFolder folder;
  const auto store = open(folder);
  for (const char* feed : {"a", "b", "c"}) {
    Batch batch = poll_of({arrival(feed + std::string("0"), "", at(feed[0])),
                           arrival(feed + std::string("1"), "", at(feed[0] + 1))});
    batch.polls[0].state.feed_id = feed;
    for (ItemArrival& item : batch.polls[0].arrivals) item.pending.feed_id = feed;
    ASSERT_TRUE(store->ledger().commit(batch, at(0)).has_value());
  }
  std::vector<std::string> order;
  for (int i = 0; i < 6; ++i) {
    const auto items = store->work().claim({.now = at(999), .limit = 1}).value();
    ASSERT_EQ(items.size(), 1u);
    order.push_back(items[0].item_key);
  }
  EXPECT_THAT(order, testing::ElementsAre("a0", "b0", "c0", "a1", "b1", "c1"));
}

TEST(SqliteStore, AToolReadsBesideTheDaemonAndAfterIt) {
  const TempFolder folder;
  EXPECT_EQ(open_log_reader(folder.file("n.db")).error().code, ErrorCode::kRefused);
  const auto store = open(folder);
  ASSERT_TRUE(store->ledger().commit(message_only("t.", "one"), at(0)).has_value());
  const auto reader = open_log_reader(folder.file("n.db")).value();
  EXPECT_EQ(reader->position()->head, 1);
  ASSERT_TRUE(store->ledger().commit(message_only("t.", "two"), at(0)).has_value());
  EXPECT_EQ(reader->position()->head, 2);  // Each answer is from now, not from when it was opened.
}

/// As the wire's, in short.
std::string json_envelope(const Draft& draft, const Stamp& stamp) {
  return R"({"type":")" + draft.type + R"(","epoch":")" + stamp.epoch + R"(","seq":)" +
         std::to_string(stamp.seq) + R"(,"prev":)" + std::to_string(stamp.prev) + R"(,"op":")" +
         draft.op + R"(","into":")" + draft.into + R"(",")" + draft.name + R"(":)" + draft.payload +
         "}";
}

Draft event_draft(const Event& event, const std::string& op, const std::string& into = "") {
  Draft draft;
  draft.type = "event/1";
  draft.topic = "event.en.world.";
  draft.op = op;
  draft.name = "event";
  draft.payload = to_json(event);
  draft.into = into;
  draft.subject = event.id;
  return draft;
}

Event event_with(const std::string& id, const std::string& words) {
  Event event;
  event.id = id;
  event.title = "Secret headline";
  event.stories = {{.id = "s-a", .title = "Secret headline", .url = {}, .publisher = {}},
                   {.id = "s-b", .title = "Plain headline", .url = {}, .publisher = {}}};
  event.summary = {{.text = words, .story_id = "s-a"}, {.text = "Plain words.", .story_id = "s-b"}};
  event.summary_text = words + " Plain words.";
  return event;
}

TEST(SqliteStore, APurgeLeavesNoWordOfTheStoryInTheFilesAndTheLogInOrder) {
  const TempFolder folder;
  const auto file = folder.file("n.db");
  const auto store = SqliteStore::open(file, json_envelope).value();
  Batch batch;
  StoryCommit& told = batch.stories.emplace_back();
  told.feed_id = "f";
  told.item_key = "a";
  told.story_id = "s-a";
  told.event_id = "old";
  Story story;
  story.id = "s-a";
  story.title = "Secret headline";
  for (int i = 0; i < 400; ++i) story.text += "Secret word " + std::to_string(i) + ". ";
  story.event_id = "old";
  told.story = story;
  told.message = draft("story.en.world.", to_json(story, WithText::kYes), "s-a");
  EventCommit& opened = batch.events.emplace_back();
  opened.event = event_with("old", "Secret sentence.");
  opened.message = event_draft(opened.event, "open");
  EventCommit& merged = batch.events.emplace_back();
  merged.event = event_with("old", "Secret sentence, again.");
  merged.closed = true;
  merged.merged_into = "new";
  merged.message = event_draft(merged.event, "merge", "new");
  EventCommit& survivor = batch.events.emplace_back();
  survivor.event = event_with("new", "Secret third sentence.");
  survivor.message = event_draft(survivor.event, "grow");
  ASSERT_TRUE(store->ledger().commit(batch, at(0)).has_value());
  // An edition of it was given up.
  Batch edition = poll_of({arrival("a")});
  edition.polls[0].arrivals[0].pending.item.title = "Secret edition";
  ASSERT_TRUE(store->ledger().commit(edition, at(0)).has_value());
  const PendingItem pending = store->work().claim({.now = at(1)})->at(0);
  Batch given_up;
  given_up.stories = {published(pending)};
  given_up.stories[0].fate = Fate::kQuarantined;
  given_up.stories[0].story.reset();
  given_up.stories[0].message.reset();
  ASSERT_TRUE(store->ledger().commit(given_up, at(0)).has_value());
  ASSERT_EQ(store->work().backlog(at(1))->quarantined, 1);
  ASSERT_THAT(bytes_of(file), HasSubstr("Secret word 399"));
  ASSERT_THAT(bytes_of(file), HasSubstr("Secret edition"));
  const auto reader = store->reader().value();
  const auto before = std::get<LogPage>(reader->page({.after = 0}).value()).messages;

  Batch purge;
  RetractCommit& retract = purge.retracts.emplace_back();
  retract.story = without_words(story);
  retract.story.retracted = "a court's order";
  retract.event_id = "new";
  retract.purge = draft("story.en.world.", to_json(retract.story, WithText::kNo), "s-a");
  retract.purge->op = "retract";
  ASSERT_TRUE(store->ledger().commit(purge, at(1)).has_value());

  EXPECT_EQ(bytes_of(file).find("Secret"), std::string::npos);
  const auto after = std::get<LogPage>(reader->page({.after = 0}).value()).messages;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].topic, before[i].topic);
    const auto place = [](const Publication& message) {
      return message.body.substr(0, message.body.find(R"(,"op")"));
    };
    EXPECT_EQ(place(after[i]), place(before[i]));
  }
  EXPECT_THAT(after[0].body, HasSubstr(R"("op":"retract")"));
  EXPECT_THAT(after[1].body, HasSubstr(R"("title":"Plain headline")"));
  EXPECT_THAT(after[2].body, HasSubstr(R"("into":"new")"));
  EXPECT_THAT(after[3].body, HasSubstr("Plain words."));
  EXPECT_EQ(store->work().published_event("new").value()->title, "Plain headline");
  const auto read_stamp = [](std::string_view body) -> std::optional<Stamp> {
    const auto number = [&](std::string_view key) {
      return std::stoll(std::string(body.substr(body.find(key) + key.size(), 9)));
    };
    return Stamp{.epoch = "e", .seq = number(R"("seq":)"), .prev = number(R"("prev":)")};
  };
  const auto report = verify_store(file, {.read_envelope = read_stamp}).value();
  EXPECT_TRUE(report.sound()) << report.findings.front().what;
}

}  // namespace
}  // namespace nutgraf
