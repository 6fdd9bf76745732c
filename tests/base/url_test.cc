#include "daemon/base/url.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>

#include "daemon/base/idna.h"

namespace nutgraf {
namespace {

struct UrlCase {
  const char* text;
  const char* normal;  ///< Empty: no URL.
};

class UrlTable : public testing::TestWithParam<UrlCase> {};

TEST_P(UrlTable, IsNormalized) {
  const auto url = parse_url(GetParam().text);
  EXPECT_EQ(url ? url->str() : "", GetParam().normal) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Whatwg, UrlTable,
    testing::Values(UrlCase{"http://example.org", "http://example.org/"},
                    UrlCase{" HTTP://EXAMPLE.org:80/A ", "http://example.org/A"},
                    UrlCase{"https://example.org:443/", "https://example.org/"},
                    UrlCase{"https://example.org:0443/", "https://example.org/"},
                    UrlCase{"http://example.org:8080/", "http://example.org:8080/"},
                    UrlCase{"http://exa\nmple.org/a\tb", "http://example.org/ab"},
                    UrlCase{"http:\\\\example.org\\a\\b?c\\d", "http://example.org/a/b?c\\d"},
                    UrlCase{"http:example.org/x", "http://example.org/x"},
                    UrlCase{"http://example.org/a/./b/../c/%2e%2E/d", "http://example.org/a/d"},
                    UrlCase{"http://example.org/a/..", "http://example.org/"},
                    UrlCase{"http://example.org/../../a", "http://example.org/a"},
                    UrlCase{"http://example.org/a//b/", "http://example.org/a//b/"},
                    UrlCase{"http://example.org/a b?c d#e f",
                            "http://example.org/a%20b?c%20d#e%20f"},
                    UrlCase{"http://example.org/é?ü", "http://example.org/%C3%A9?%C3%BC"},
                    UrlCase{"http://example.org/%c3%a9", "http://example.org/%c3%a9"},
                    UrlCase{"http://example.org/?", "http://example.org/?"},
                    UrlCase{"http://u:p@example.org/", "http://u:p@example.org/"},
                    UrlCase{"http://u@x@example.org/", "http://u%40x@example.org/"},
                    UrlCase{"http://Bücher.example/", "http://xn--bcher-kva.example/"},
                    UrlCase{"http://ex%61mple.org/", "http://example.org/"},
                    UrlCase{"http://2130706433/", "http://127.0.0.1/"},
                    UrlCase{"http://0x7f.1/", "http://127.0.0.1/"},
                    UrlCase{"http://017700000001/", "http://127.0.0.1/"},
                    UrlCase{"http://[::FFFF:127.0.0.1]:8080/", "http://[::ffff:127.0.0.1]:8080/"},
                    UrlCase{"mailto:a@example.org", "mailto:a@example.org"},
                    UrlCase{"gopher://[::1]/a", "gopher://[::1]/a"},
                    UrlCase{"file:///etc/passwd", "file:///etc/passwd"},
                    UrlCase{"http://example.org/a#b?c", "http://example.org/a#b?c"}));

INSTANTIATE_TEST_SUITE_P(
    NoUrl, UrlTable,
    testing::Values(UrlCase{"", ""}, UrlCase{"example.org", ""}, UrlCase{"/a", ""},
                    UrlCase{"http://", ""}, UrlCase{"http:///", ""}, UrlCase{"http://?q", ""},
                    UrlCase{"http://example.org:port/", ""}, UrlCase{"http://a b/", ""},
                    UrlCase{"http://example.org:65536/", ""}, UrlCase{"http://256.1.1.1/", ""},
                    UrlCase{"http://1.2.3.4.5/", ""}, UrlCase{"http://[::1/", ""},
                    UrlCase{"http://[zz]/", ""}, UrlCase{"gopher://[zz]/", ""},
                    UrlCase{"http://a\u200Db.example/", ""}, UrlCase{"://x", ""}));

TEST(ParseUrl, RefusesWhatNoServerTakes) {
  EXPECT_FALSE(parse_url("http://example.org/" + std::string(8192, 'a')));
  EXPECT_TRUE(parse_url("http://example.org/" + std::string(8000, 'a')));
}

TEST(DomainToAscii, RefusesWhatHasNoSuchForm) {
  EXPECT_EQ(domain_to_ascii("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(domain_to_ascii("a\u200Db.example"), std::nullopt);  // A joiner that joins nothing.
  EXPECT_EQ(domain_to_ascii("xn--a"), std::nullopt);
  std::string longer;
  for (int i = 0; i < 2000; ++i) longer += "ü";
  EXPECT_EQ(domain_to_ascii(longer), std::nullopt);
}

TEST(ParseUrl, NormalizingTwiceChangesNothing) {
  for (const char* text : {"http://example.org/a b/é?x=ü y#'", "HTTPS://Bücher.example:443/./a/..",
                           "http://u:p@h.example/%zz?%", "http://0x7f.1/\\a"}) {
    const auto once = parse_url(text);
    ASSERT_TRUE(once);
    EXPECT_EQ(parse_url(once->str())->str(), once->str());
  }
}

struct ResolveCase {
  const char* base;
  const char* reference;
  const char* absolute;
};

class ResolveTable : public testing::TestWithParam<ResolveCase> {};

TEST_P(ResolveTable, IsResolved) {
  EXPECT_EQ(resolve_url(GetParam().base, GetParam().reference), GetParam().absolute)
      << GetParam().reference;
}

constexpr const char* kBase = "http://a/b/c/d;p?q";  // the examples of RFC 3986 section 5.4

INSTANTIATE_TEST_SUITE_P(Rfc3986, ResolveTable,
                         testing::Values(ResolveCase{kBase, "g", "http://a/b/c/g"},
                                         ResolveCase{kBase, "./g", "http://a/b/c/g"},
                                         ResolveCase{kBase, "g/", "http://a/b/c/g/"},
                                         ResolveCase{kBase, "/g", "http://a/g"},
                                         ResolveCase{kBase, "//g", "http://g/"},
                                         ResolveCase{kBase, "?y", "http://a/b/c/d;p?y"},
                                         ResolveCase{kBase, "g?y", "http://a/b/c/g?y"},
                                         ResolveCase{kBase, "#s", "http://a/b/c/d;p?q#s"},
                                         ResolveCase{kBase, "g?y#s", "http://a/b/c/g?y#s"},
                                         ResolveCase{kBase, ";x", "http://a/b/c/;x"},
                                         ResolveCase{kBase, "", "http://a/b/c/d;p?q"},
                                         ResolveCase{kBase, ".", "http://a/b/c/"},
                                         ResolveCase{kBase, "..", "http://a/b/"},
                                         ResolveCase{kBase, "../../../g", "http://a/g"},
                                         ResolveCase{kBase, "g;x=1/../y", "http://a/b/c/y"},
                                         ResolveCase{kBase, "g#s/../x", "http://a/b/c/g#s/../x"}));

INSTANTIATE_TEST_SUITE_P(
    Tolerance, ResolveTable,
    testing::Values(ResolveCase{"", "/x", "/x"}, ResolveCase{"nonsense", " x ", "x"},
                    ResolveCase{"", "HTTP://Example.org", "http://example.org/"},
                    ResolveCase{kBase, "mailto:a@b.example", "mailto:a@b.example"},
                    ResolveCase{kBase, "\\g", "http://a/g"},
                    ResolveCase{"http://a?x", "g", "http://a/g"},
                    ResolveCase{"http://a/b", "http://[bad", "http://[bad"}));

TEST(ResolveUrl, LeavesWhatIsNormalAsNormalizingWould) {
  constexpr std::string_view kParts[] = {
      "http", "https", "HTTP", "://", ":",     "/",     "//",  "a",   "b.example", "Ex.org",
      "x1",   "1",     "0x7f", "..",  "/.",    ".",     "%2e", "%41", "%",         "?",
      "#",    "\\",    "|",    "^",   "é",     " ",     "\t",  "@",   ":80",       ":81",
      "_",    "'",     "\"",   "{",   "&amp;", "[::1]", "+",   ",",   "~"};
  std::uint64_t state = 7;
  const auto below = [&](std::size_t limit) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33) % limit;
  };
  for (int i = 0; i < 200'000; ++i) {
    std::string text = i % 3 == 0 ? "" : i % 3 == 1 ? "http://" : "https://news.example/";
    for (std::size_t n = below(7); n > 0; --n) text += kParts[below(std::size(kParts))];
    const auto url = parse_url(text);
    ASSERT_EQ(host_of(text), url ? url->host : "") << text;
    if (!url) continue;
    ASSERT_EQ(resolve_url("", text), url->str()) << text;
  }
}

TEST(HostOf, IsTheBareHost) {
  EXPECT_EQ(host_of("https://user@WWW.Example.org:8443/x"), "www.example.org");
  EXPECT_EQ(host_of("/x"), "");
  for (const char* text : {"http://127.0.0.1:80/x",
                           "http://127.1/",
                           "http://010.1.1.1/",
                           "http://1.2.3.256/",
                           "http://1.2.3.4.5/",
                           "https://a.example",
                           "https://a.example/x y",
                           "https://a.example:/",
                           "https://a.example:65535/",
                           "https://a.example:65536/",
                           "https://a.example:8x/",
                           "https://a..example/",
                           "https://.example/",
                           "https://a.example./",
                           "https://a.0x7f/",
                           "https://xn--a/",
                           "https://ab--c.example/",
                           "https://-a.example/",
                           "https://a@b.example/",
                           "https://a?b.example/",
                           "https://a\\b.example/",
                           "https://a\tb.example/",
                           "https://a#b/"}) {
    const auto url = parse_url(text);
    EXPECT_EQ(host_of(text), url ? url->host : "") << text;
  }
  EXPECT_EQ(parse_url("https://example.org:8443/x")->origin(), "https://example.org:8443");
}

}  // namespace
}  // namespace nutgraf
