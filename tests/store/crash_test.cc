// The process dies at any moment; what a commit returned is there, and the log has no hole.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>

#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

constexpr int kRounds = 12;

/// Brings items in, publishes them, and acknowledges on `out` the number of each message once its
/// commit returned. Never returns.
[[noreturn]] void work_for_ever(const std::filesystem::path& file, int out, int round) {
  const auto store = SqliteStore::open(file, test_envelope);
  if (!store) _exit(1);
  Ledger& ledger = (*store)->ledger();
  for (int i = 0;; ++i) {
    std::vector<ItemArrival> arrivals;
    for (int k = 0; k <= i % 7; ++k) {
      arrivals.push_back(
          arrival(std::to_string(round) + "/" + std::to_string(i) + "/" + std::to_string(k)));
    }
    if (!ledger.commit(poll_of(arrivals), at(i))) _exit(2);
    const auto items = (*store)->work().claim({.now = at(i)});
    if (!items) _exit(5);
    Batch batch;
    for (const PendingItem& item : *items) batch.stories.push_back(published(item));
    const auto messages = ledger.commit(batch, at(i));
    if (!messages) _exit(3);
    for (const Publication& message : *messages) {
      const std::int64_t seq = message.seq;
      if (write(out, &seq, sizeof seq) != sizeof seq) _exit(4);
    }
  }
}

/// Kills the child once it has acknowledged `enough` messages; returns all that it acknowledged.
std::vector<Sequence> acknowledged_before_death(pid_t child, int in, std::size_t enough) {
  std::vector<Sequence> seen;
  std::int64_t seq = 0;
  while (read(in, &seq, sizeof seq) == sizeof seq) {
    seen.push_back(seq);
    if (seen.size() == enough) kill(child, SIGKILL);
  }
  return seen;
}

/// Every number from 1 to the head, the chain of each topic unbroken.
void expect_dense(LogReader& reader, Sequence acknowledged) {
  Sequence expected = 0;
  std::set<std::string> stories;
  LogPage page;
  do {
    page = std::get<LogPage>(reader.page({.after = page.next}).value());
    for (const Publication& message : page.messages) {
      ++expected;
      ASSERT_EQ(message.seq, expected);
      const std::string stamp =
          "|" + std::to_string(expected) + "|" + std::to_string(expected - 1) + "|";
      const std::size_t at_stamp = message.body.find(stamp);
      ASSERT_NE(at_stamp, std::string::npos) << message.body;
      // An item that was published did not wait for a second time.
      ASSERT_TRUE(stories.insert(message.body.substr(at_stamp + stamp.size())).second);
    }
  } while (page.more);
  EXPECT_EQ(expected, page.head);
  EXPECT_GE(page.head, acknowledged);
}

TEST(Crash, KilledAtAnyMomentNothingAcknowledgedIsLostAndNoNumberIsMissing) {
  const TempFolder folder;
  const auto file = folder.file("n.db");
  Sequence acknowledged = 0;
  for (int round = 0; round < kRounds; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(pipe_ends[0]);
      work_for_ever(file, pipe_ends[1], round);
    }
    close(pipe_ends[1]);
    const auto seen =
        acknowledged_before_death(child, pipe_ends[0], 3 + static_cast<std::size_t>(round) * 17);
    close(pipe_ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child gave up with " << WEXITSTATUS(status);
    for (const Sequence seq : seen) acknowledged = std::max(acknowledged, seq);

    const auto store = SqliteStore::open(file, test_envelope);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    expect_dense(*(*store)->reader().value(), acknowledged);
  }
}

}  // namespace
}  // namespace nutgraf
