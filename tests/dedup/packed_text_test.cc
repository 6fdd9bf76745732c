#include "daemon/dedup/packed_text.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

TEST(PackedText, GivesBackWhatWasPacked) {
  std::string text = "Crews of 4 stations fought the flames in Port Merrin until dawn. ";
  for (int words = 0; words < 3; ++words) {
    Fingerprint print = fingerprint("UPDATE 2 - Warehouse fire, 9 hurt", text);
    std::string bytes = "before";
    PackedText::pack("story-1", print, bytes);
    const PackedText packed(bytes.data() + 6);
    EXPECT_EQ(packed.bytes().size() + 6, bytes.size());
    EXPECT_EQ(packed.id(), "story-1");
    EXPECT_EQ(packed.text_hash(), print.text_hash);
    EXPECT_EQ(packed.words(), static_cast<const TextWords&>(print));
    text += text + "Updated at 10:41. And";  // An odd and an even number of words.
  }
}

TEST(PackedText, HoldsAnEmptyTextWithoutATitle) {
  const Fingerprint print = fingerprint("", "");
  std::string bytes;
  PackedText::pack("", print, bytes);
  const PackedText packed(bytes.data());
  EXPECT_EQ(packed.id(), "");
  EXPECT_EQ(packed.words(), static_cast<const TextWords&>(print));
}

TEST(PackedText, TakesLittleMoreThanTwoAndAHalfBytesAWord) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "word" + std::to_string(i) + " ";
  std::string bytes;
  PackedText::pack("0123456789abcdef0123456789abcdef", fingerprint("A title", text), bytes);
  EXPECT_LT(bytes.size(), 400u * 5 / 2 + 100);
}

}  // namespace
}  // namespace nutgraf
