#include "daemon/fetch/content_decoder.h"

#include <gtest/gtest.h>

#include "tests/support/newsroom.h"

namespace nutgraf {
namespace {

constexpr std::size_t kPlenty = 64 << 20;

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 10'007) + '\n';
  return text;
}

struct Decoded {
  Result<void> result;
  bool finished = false;
  std::string body;
};

Decoded decode(std::string_view coding, std::string_view bytes, std::size_t piece,
               std::size_t limit = kPlenty) {
  auto decoder = ContentDecoder::create(coding);
  Decoded out;
  for (std::size_t at = 0; at < bytes.size() && out.result; at += piece) {
    out.result = (*decoder)->decode(bytes.substr(at, piece), out.body, limit);
  }
  out.finished = (*decoder)->finished();
  return out;
}

TEST(ContentDecoder, ACodingThatNobodyAskedForIsToldInOneShortLine) {
  const auto refused = ContentDecoder::create("zip\x1b[2J\xff" + std::string(1000, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kMalformed);
  EXPECT_NE(refused.error().message.find("zip?[2j?xxx"), std::string::npos)
      << refused.error().message;
  EXPECT_LT(refused.error().message.size(), 100u);
}

TEST(ContentDecoder, AnyDivisionOfTheStreamGivesTheText) {
  const std::string text = sample();
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, text.size()}) {
    for (const auto& [coding, bytes] : {std::pair<const char*, std::string>{"", text},
                                        {"gzip", gzip(text)},
                                        {" X-GZip ", gzip(text)},
                                        {"br", brotli(text)},
                                        {"zstd", zstd(text)}}) {
      const Decoded out = decode(coding, bytes, piece);
      EXPECT_TRUE(out.result) << coding << ' ' << piece;
      EXPECT_TRUE(out.finished) << coding << ' ' << piece;
      EXPECT_EQ(out.body, text) << coding << ' ' << piece;
    }
  }
}

TEST(ContentDecoder, ACutStreamIsNeverFinished) {
  const std::string text = sample().substr(0, 500);
  for (const auto& [coding, bytes] : {std::pair{"gzip", gzip(text)}, std::pair{"br", brotli(text)},
                                      std::pair{"zstd", zstd(text)}}) {
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      EXPECT_FALSE(decode(coding, std::string_view(bytes).substr(0, length), length).finished)
          << coding << ' ' << length;
    }
  }
}

TEST(ContentDecoder, AnEmptyBodyIsComplete) {
  EXPECT_TRUE(decode("gzip", "", 1).finished);
  EXPECT_TRUE(decode("br", "", 1).finished);
  EXPECT_TRUE(decode("zstd", "", 1).finished);
}

TEST(ContentDecoder, ReadsSeveralGzipMembersAndIgnoresPadding) {
  const Decoded out = decode("gzip", gzip("one ") + gzip("two") + std::string(7, '\0'), 5);
  EXPECT_TRUE(out.result);
  EXPECT_TRUE(out.finished);
  EXPECT_EQ(out.body, "one two");
}

TEST(ContentDecoder, StopsABombAtTheLimit) {
  const std::string zeros(32 << 20, '\0');
  for (const auto& [coding, bytes] :
       {std::pair{"gzip", gzip(zeros)}, std::pair{"br", brotli(zeros)},
        std::pair{"zstd", zstd(zeros)}, std::pair{"", zeros}}) {
    const Decoded out = decode(coding, bytes, bytes.size(), 1 << 20);
    ASSERT_FALSE(out.result) << coding;
    EXPECT_EQ(out.result.error().code, ErrorCode::kTooLarge) << coding;
    EXPECT_EQ(out.result.error().message, "body exceeds 1048576 bytes (fetch.max_body)");
    EXPECT_LE(out.body.size(), 1u << 20) << coding;
  }
}

TEST(ContentDecoder, ABodyOfExactlyTheLimitPasses) {
  EXPECT_TRUE(decode("gzip", gzip("12345"), 100, 5).result);
  EXPECT_FALSE(decode("gzip", gzip("123456"), 100, 5).result);
}

TEST(ContentDecoder, BrokenStreamsAreMalformed) {
  EXPECT_EQ(decode("gzip", "<html>not compressed</html>", 100).result.error().code,
            ErrorCode::kMalformed);
  std::string bad = gzip(sample());
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 0x55);
  EXPECT_FALSE(decode("gzip", bad, bad.size()).result);
  EXPECT_FALSE(decode("br", "\xff\xff\xff\xff plain", 100).result);
  EXPECT_FALSE(decode("zstd", "<html>not compressed</html>", 100).result);
}

TEST(ContentDecoder, RefusesWhatWasNotAskedFor) {
  for (const char* coding : {"gzip, gzip", "gzip, br", "compress", "aes128gcm"}) {
    EXPECT_EQ(ContentDecoder::create(coding).error().code, ErrorCode::kMalformed) << coding;
  }
}

}  // namespace
}  // namespace nutgraf
