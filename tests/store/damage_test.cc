// Bytes of a store that something else wrote over: every page in turn, at several places.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "daemon/store/sqlite_db.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/store/verify.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;

std::optional<Stamp> read_nothing(std::string_view body) {
  const auto number = [&](int bar) {
    std::size_t from = 0;
    for (; bar > 0; --bar) from = body.find('|', from) + 1;
    Sequence value = 0;
    std::from_chars(body.data() + from, body.data() + body.size(), value);
    return value;
  };
  return Stamp{.epoch = {}, .seq = number(2), .prev = number(3)};
}

/// A store with rows in every table and free pages, as a file that nobody has open.
std::string some_store() {
  const TempFolder folder;
  const fs::path file = folder.file("n.db");
  {
    const auto store = SqliteStore::open(file, test_envelope).value();
    Ledger& ledger = store->ledger();
    for (int i = 0; i < 40; ++i) {
      const std::string key = "key-" + std::to_string(i);
      std::ignore = ledger.commit(poll_of({arrival(key, i % 3 == 0 ? "host" : "")}), at(i));
      std::ignore =
          ledger.commit(message_only("t.", std::string(i == 30 ? 9000 : 400, 'm')), at(i));
    }
    const auto claimed = store->work().claim({.now = at(1'000), .limit = 20}).value();
    for (const PendingItem& item : claimed) {
      StoryCommit story = published(item);
      story.event_id = "e1";
      std::ignore = ledger.commit({.stories = {story}}, at(1'000));
    }
    std::ignore = ledger.commit({.events = {event_message("e1")}}, at(1'100));
    const FurnitureLine line{.line = 7, .since = at(3), .text = "Subscribe"};
    std::ignore = ledger.commit({.furniture = {{.feed_id = "f",
                                                .counts = std::string(6000, 'c'),
                                                .snapshot = Furniture{1, {line}}}}},
                                at(1'200));
    std::ignore = ledger.prune({.log_before = at(10)});
  }
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

/// Every value of every table, as text.
std::string all_rows(const fs::path& file) {
  sqlite::Connection db(file, sqlite::Access::kReadOnly, {});
  std::string out;
  for (const char* columns :
       {"counter one,epoch,head,floor,bytes", "topic name,head",
        "log seq,topic,decided_at,bytes,checksum,subject,body",
        "feed feed_id,etag,last_modified,state",
        "item feed_id,item_key,content_hash,revision,last_seen,story_id,guid,url_key",
        "pending id,feed_id,item_key,revision,attempts,crashes,state,not_before,first_seen,"
        "backfill,page_host,error,item,told",
        "quarantine feed_id,item_key,title,link,error,attempts",
        "trail id,feed_id,item_key,at,what,reason,story_id", "story story_id,decided_at,story",
        "fingerprint id,story_id,dedup_group,feed_id,publisher,decided_at,url_key,text_hash,"
        "fingerprint",
        "event id,event_id,first_seen,updated,dirty_revision,due,closed,last_seq,event",
        "member id,story_id,event_id,decided_at,published,report,vector", "note name,until,text",
        "furniture feed_id,line,version,since,until,text", "line_count feed_id,counts"}) {
    const std::string_view spec = columns;
    const auto blank = spec.find(' ');
    std::string values(spec.substr(blank + 1));
    for (std::size_t comma = 0; (comma = values.find(',', comma)) != std::string::npos;
         comma += 7) {
      values.replace(comma, 1, ")||quote(");
    }
    sqlite::Statement rows(db, "SELECT quote(" + values + ") FROM " +
                                   std::string(spec.substr(0, blank)) + " ORDER BY 1");
    rows.each([&](const sqlite::Row& row) {
      out.append(row.text(0)).push_back('\n');
      return true;
    });
  }
  return out;
}

bool is_found(const fs::path& file) {
  const auto report = verify_store(file, {.read_envelope = read_nothing});
  return !report || !report->sound();
}

/// Nothing that anyone reads differs.
bool reads_the_same(const fs::path& file, const std::string& rows) {
  const Result<std::string> now = sqlite::attempt([&] { return all_rows(file); });
  return now && *now == rows;
}

struct Overwriting {
  std::size_t offset;
  std::string bytes;
};

/// 25 bytes at the start, the end and between of a page: noise, and what is there with one bit
/// turned.
std::vector<Overwriting> overwritings(const std::string& store, std::size_t page) {
  std::vector<Overwriting> all;
  for (const std::size_t in_page : {0u, 5u, 40u, 100u, 1500u, 2600u, 3600u, 4071u}) {
    const std::size_t offset = page + in_page;
    std::string noise;
    for (std::size_t i = 0; i < 25; ++i) noise.push_back(static_cast<char>(offset * 31 + i * 97));
    all.push_back({offset, noise});
    all.push_back({offset, std::string(1, static_cast<char>(store[offset] ^ 0x10))});
  }
  return all;
}

TEST(Damage, EveryOverwrittenByteIsFoundOrReadByNobody) {
  const std::string sound = some_store();
  ASSERT_GT(sound.size(), 20 * kPage);
  const TempFolder folder;
  const fs::path file = folder.file("n.db");
  const auto put = [&](const std::string& bytes) {
    for (const char* end : {"", "-wal", "-shm", ".mark"}) fs::remove(file.string() + end);
    std::ofstream(file, std::ios::binary) << bytes;
  };
  put(sound);
  ASSERT_FALSE(is_found(file));
  const std::string rows = all_rows(file);
  int found = 0;
  int without_effect = 0;
  for (std::size_t page = 0; page < sound.size(); page += kPage) {
    for (const Overwriting& over : overwritings(sound, page)) {
      std::string damaged = sound;
      damaged.replace(over.offset, over.bytes.size(), over.bytes);
      if (damaged == sound) continue;
      put(damaged);
      const bool told = is_found(file);
      ++(told ? found : without_effect);
      if (!told) {
        EXPECT_TRUE(reads_the_same(file, rows)) << over.offset << ", " << over.bytes.size();
        continue;
      }
      put(damaged);
      const auto opened = SqliteStore::open(file, test_envelope);
      ASSERT_FALSE(opened.has_value()) << over.offset << ", " << over.bytes.size();
      EXPECT_NE(opened.error().code, ErrorCode::kTransient) << over.offset;
    }
  }
  EXPECT_GT(found, without_effect);
  std::printf("%zu pages: %d found, %d without effect\n", sound.size() / kPage, found,
              without_effect);
}

}  // namespace
}  // namespace nutgraf
