#include "summarizer/datelines.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/summarizer/as_passage.h"

namespace nutgraf::summarizer {
namespace {

std::string without_dateline(std::string_view sentence) {
  const test::Reading reading(sentence);
  const Passage text = reading.passage();
  return encode(text.substr(dateline_size(text)).text());
}

TEST(Dateline, IsCut) {
  for (const char* sentence :
       {"(CNN)Police came.", "(CNN) -- Police came.", "LONDON, England (Reuters) -- Police came.",
        "Paris (CNN)Police came.", "Berlin (dpa) – Police came.", "BAGHDAD, Iraq -- Police came.",
        "MIAMI — Police came.", "London (Sporting Life) -- Police came.",
        "(Rolling Stone)Police came.", "Aboard the Hope (AP) - Police came.",
        "Omaha, Nebraska (the Herald Project)Police came.", "ROME ― Police came.",
        "ROME—Police came.", "BROOKLYN, N.Y.—Police came.", "HOLLYWOOD, Fla.—Police came.",
        "HOUSTON--Police came."}) {
    EXPECT_EQ(without_dateline(sentence), "Police came.") << sentence;
  }
}

TEST(Dateline, MayStandBeforeANameInSmallLetters) {
  EXPECT_EQ(without_dateline("(CNN) eBay sold it."), "eBay sold it.");
  EXPECT_EQ(without_dateline("(CNN) iPhones sold."), "iPhones sold.");
  EXPECT_EQ(without_dateline("(CNN) e-mails came."), "(CNN) e-mails came.");
}

TEST(Dateline, IsNotWhatOnlyLooksLikeOne) {
  for (const char* sentence :
       {"Cable News Network (CNN) said so.", "The club (founded in 1900) won.",
        "Smith -- a baker -- won.", "IT -- a film -- opened.", "Moss (the baker) came.",
        "Moss (baker)Moss came.", "(CNN) said so.", "", "(", "()", "NATO—the alliance—came.",
        "IT—Moss came.", "AT&T—Police came."}) {
    EXPECT_EQ(without_dateline(sentence), sentence);
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
