#include "summarizer/language.h"

#include <gtest/gtest.h>

#include <string>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

TEST(Language, PrimarySubtag) {
  EXPECT_EQ(primary_language("en"), "en");
  EXPECT_EQ(primary_language("pt-BR"), "pt");
  EXPECT_EQ(primary_language("EN_us"), "en");
  for (const char* none : {"", "und", "english", "e", "12", "-", "ü"}) {
    EXPECT_EQ(primary_language(none), "und") << none;
  }
}

TEST(Language, OfLittleOrNothingIsUnknown) {
  EXPECT_EQ(detect_language(""), "und");
  EXPECT_EQ(detect_language("Oslo"), "und");
  EXPECT_EQ(detect_language("12 34 56 78 90 12 34 56 78 90"), "und");
  EXPECT_EQ(detect_language(std::string(100, '\xFF')), "und");
  EXPECT_EQ(detect_language(std::string(100, '\0')), "und");
}

TEST(Language, IsFound) {
  EXPECT_EQ(detect_language("The mayor said that the old mill would be built again next year."),
            "en");
  EXPECT_EQ(detect_language("Borgmesteren sagde, at den gamle mølle skal bygges op igen næste år."),
            "da");
}

}  // namespace
}  // namespace nutgraf::summarizer
