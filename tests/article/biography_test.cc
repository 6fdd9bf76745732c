#include "daemon/article/biography.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

TEST(IntroducedWriter, IsWhoseProfessionItIs) {
  EXPECT_EQ(introduced_writer("Jane Doe is a freelance travel writer."), "Jane Doe");
  EXPECT_EQ(introduced_writer("Jane B. Doe is the editor of the Ferry."), "Jane B. Doe");
  EXPECT_EQ(introduced_writer("Jane Doe ist freie Journalistin in Wien."), "Jane Doe");
  EXPECT_EQ(introduced_writer("Jane Doe is a ferrywoman."), "");
  EXPECT_EQ(introduced_writer("Jane Doe is a ferrywoman. A writer came."), "");
  EXPECT_EQ(introduced_writer("Jane Doe, who is a writer, came."), "");
  EXPECT_EQ(introduced_writer("Jane Doe asked a writer."), "");
  EXPECT_EQ(introduced_writer("Jane is a writer."), "");
  EXPECT_EQ(introduced_writer("The Ferry is a reporter of the river."), "");
  EXPECT_EQ(introduced_writer("She is a writer."), "");
  EXPECT_EQ(introduced_writer("Jane Doe is"), "");
  EXPECT_EQ(introduced_writer("Jane Doe"), "");
  EXPECT_EQ(introduced_writer(""), "");
}

TEST(LeadingName, EndsAtAWordInSmallLettersOrAMark) {
  EXPECT_EQ(leading_name("Jane Doe lives by the river."), "Jane Doe");
  EXPECT_EQ(leading_name("Jane Doe"), "Jane Doe");
  EXPECT_EQ(leading_name("Jane Doe, Ferry Correspondent"), "Jane Doe");
  EXPECT_EQ(leading_name("Jane Lee. Two ferries sank."), "Jane Lee");
  EXPECT_EQ(leading_name("We are the ferry."), "");
  EXPECT_EQ(leading_name("Jane Doe And Her Four Ferries"), "");
  EXPECT_EQ(leading_name(""), "");
}

TEST(AnnouncesBiography, InSomeLanguages) {
  for (const char* const line : {"About the Author", "ABOUT THE AUTHOR:", "Über die Autorin"}) {
    EXPECT_TRUE(announces_biography(line)) << line;
  }
  for (const char* const line : {"About us", "The author of the book", ""}) {
    EXPECT_FALSE(announces_biography(line)) << line;
  }
}

}  // namespace
}  // namespace nutgraf
