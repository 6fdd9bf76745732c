#include "daemon/base/double_utf8.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/base/encoding.h"

namespace nutgraf {
namespace {

/// As a reader of Latin-1 stores UTF-8.
std::string again(const std::string& utf8) {
  std::string out;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

TEST(UndoDoubleUtf8, GivesWhatWasMeant) {
  for (const std::string text :
       {"It’s a ferry", "“Brücke” – 100 €", "Мост", "橋 🌉", "’", "！", "ߞ"}) {
    EXPECT_EQ(undo_double_utf8(again(text)), text);
  }
  EXPECT_EQ(undo_double_utf8("Brücke: " + again("It’s a façade")), "Brücke: It’s a façade");
}

TEST(UndoDoubleUtf8, LeavesWhatMayBeMeant) {
  for (const std::string text :
       {"", "ferry", "It’s a “Brücke”", "Ã©", "CAFÉ»", "Мост", "橋", "Ã\u00A0la"}) {
    EXPECT_EQ(undo_double_utf8(text), text);
  }
  // A control alone, and behind a letter that begins no such sequence.
  EXPECT_EQ(undo_double_utf8("a\xC2\x80"), "a\xC2\x80");
  EXPECT_EQ(undo_double_utf8("\xC3\xBF\xC2\x80"), "\xC3\xBF\xC2\x80");
}

TEST(UndoDoubleUtf8, CutSequencesDoNoHarm) {
  const std::string twice = again("’ 🌉");
  for (std::size_t size = 0; size <= twice.size(); ++size) {
    const std::string cut = scrub_utf8(twice.substr(0, size));
    EXPECT_TRUE(is_utf8(undo_double_utf8(cut))) << size;
  }
}

}  // namespace
}  // namespace nutgraf
