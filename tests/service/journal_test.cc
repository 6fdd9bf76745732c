#include "daemon/service/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service/logging.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(JournalFields, ArePairsOfTheLine) {
  EXPECT_THAT(journal_fields("poll feed=harbour status=200 new=1"),
              ElementsAre("NUTGRAF_FEED=harbour", "NUTGRAF_STATUS=200", "NUTGRAF_NEW=1"));
  EXPECT_THAT(journal_fields("reload needs_restart=event"),
              ElementsAre("NUTGRAF_NEEDS_RESTART=event"));
}

TEST(JournalFields, GiveQuotedValuesAsTheyWere) {
  for (const std::string was : {"two words", "a=b", "say \"x\" \\", "", "Zürich", "ends with \\"}) {
    EXPECT_THAT(journal_fields("poll error=" + log_value(was) + " failures=2"),
                ElementsAre("NUTGRAF_ERROR=" + was, "NUTGRAF_FAILURES=2"));
  }
}

TEST(JournalFields, OfWhatIsNoPairThereAreNone) {
  EXPECT_THAT(journal_fields(""), IsEmpty());
  EXPECT_THAT(journal_fields("stopping: draining what is in flight"), IsEmpty());
  EXPECT_THAT(journal_fields("nutgraf.toml:2:1: a = b Key=1 _x=1 =y 5=6"), IsEmpty());
}

TEST(JournalFields, AValueThatIsCutOffIsWhatIsThere) {
  EXPECT_THAT(journal_fields("poll error=\"no end"), ElementsAre("NUTGRAF_ERROR=no end"));
  EXPECT_THAT(journal_fields("poll error=\""), ElementsAre("NUTGRAF_ERROR="));
  EXPECT_THAT(journal_fields("poll error=\"\\"), ElementsAre("NUTGRAF_ERROR=\\"));
  EXPECT_THAT(journal_fields("poll error="), ElementsAre("NUTGRAF_ERROR="));
}

TEST(JournalFields, AreBounded) {
  std::string line = "x";
  for (int i = 0; i < 100; ++i) line += " k=v";
  EXPECT_THAT(journal_fields(line), SizeIs(kMaxJournalFields));
}

}  // namespace
}  // namespace nutgraf
