#include "daemon/base/encoding.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace nutgraf {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

TEST(CharsetOfContentType, ReadsTheParameter) {
  EXPECT_EQ(charset_of_content_type("text/xml; charset=\"UTF-8\""), "utf-8");
  EXPECT_EQ(charset_of_content_type("text/xml;q=1;Charset = latin1 ; x=y"), "latin1");
  EXPECT_EQ(charset_of_content_type("text/xml; charset='koi8-r'"), "koi8-r");
  EXPECT_EQ(charset_of_content_type("text/xml"), "");
  EXPECT_EQ(charset_of_content_type("text/xml; charset="), "");
}

struct LabelCase {
  std::string_view label;
  std::string_view bytes;
  std::string_view text;
};

class LabelTable : public testing::TestWithParam<LabelCase> {};

TEST_P(LabelTable, MeansWhatTheWebMeans) {
  const auto text = to_utf8(GetParam().bytes, GetParam().label);
  ASSERT_TRUE(text) << GetParam().label;
  EXPECT_EQ(*text, GetParam().text) << GetParam().label;
}

INSTANTIATE_TEST_SUITE_P(
    Whatwg, LabelTable,
    testing::Values(
        LabelCase{"ISO-8859-1", "\x93\xE9\x94", "“é”"}, LabelCase{"us-ascii", "\x80", "€"},
        LabelCase{" Latin1 ", "\xE4", "ä"}, LabelCase{"iso-8859-9", "\xFE\x80", "ş€"},
        LabelCase{"iso-8859-2", "\xB1", "ą"}, LabelCase{"iso-8859-13", "\xE0", "ą"},
        LabelCase{"iso-8859-15", "\xA4", "€"}, LabelCase{"windows-1251", "\xC0\xE0", "Аа"},
        LabelCase{"koi8-r", "\xE1\xC1", "Аа"}, LabelCase{"koi8-u", "\xA4", "є"},
        LabelCase{"ibm866", "\x80\xA0", "Аа"}, LabelCase{"macintosh", "\x8E", "é"},
        LabelCase{"x-mac-cyrillic", "\x80", "А"}, LabelCase{"tis-620", "\xA1", "ก"},
        LabelCase{"windows-874", "\x80\xA1", "€ก"}, LabelCase{"gb2312", "\xD6\xD0\x81\x40", "中丂"},
        LabelCase{"gbk", "\xD6\xD0", "中"}, LabelCase{"gb18030", "\x81\x30\x81\x30", "\xC2\x80"},
        LabelCase{"big5", "\xA4\xA4", "中"}, LabelCase{"euc-kr", "\xB0\xA1\x81\x41", "가갂"},
        LabelCase{"ks_c_5601-1987", "\xB0\xA1", "가"},
        LabelCase{"shift_jis", "\x93\xFA\x87\x40", "日①"}, LabelCase{"x-sjis", "\x93\xFA", "日"},
        LabelCase{"euc-jp", "\xC6\xFC", "日"}, LabelCase{"iso-2022-jp", "\x1B$BF|\x1B(B", "日"},
        LabelCase{"utf-16", "\x41\x00"sv, "A"}, LabelCase{"utf-16be", "\x00\x41"sv, "A"},
        LabelCase{"iso-8859-8-i", "\xE0", "א"}, LabelCase{"csiso88598i", "\xE0", "א"},
        LabelCase{"csiso88596e", "\xC7", "ا"}, LabelCase{"koi8-ru", "\xAE\xBE", "ўЎ"},
        LabelCase{"iso-8859-16", "\xA1\xAA\xD0\xFE\xFF", "ĄȘĐțÿ"},
        LabelCase{"windows-1253", "\xAA\xE1", "\uFFFDα"},
        LabelCase{"windows-1255", "\xCA\xE0", "\u05BAא"},
        LabelCase{"windows-874", "\xDB\xA1", "\uFFFDก"}, LabelCase{"cp866", "a\x7F", "a\x7F"}));

TEST(ToUtf8, KnowsEveryLabelOfTheStandardThatNewsUses) {
  for (const char* label : {"unicode-1-1-utf-8",
                            "utf8",
                            "866",
                            "cp866",
                            "csibm866",
                            "csisolatin2",
                            "iso-ir-101",
                            "iso8859-2",
                            "iso88592",
                            "iso_8859-2",
                            "l2",
                            "latin2",
                            "csisolatin3",
                            "latin3",
                            "latin4",
                            "cyrillic",
                            "csisolatincyrillic",
                            "arabic",
                            "asmo-708",
                            "ecma-114",

                            "iso-ir-127",
                            "ecma-118",
                            "elot_928",
                            "greek",
                            "greek8",
                            "iso-ir-126",
                            "hebrew",
                            "iso-ir-138",
                            "latin6",
                            "iso-8859-10",
                            "iso-8859-14",

                            "csmacintosh",
                            "cp1250",
                            "cp1251",
                            "cp1252",
                            "cp1253",
                            "cp1254",
                            "cp1255",
                            "cp1256",
                            "cp1257",
                            "cp1258",
                            "windows-1258",
                            "iso-8859-3",
                            "iso-8859-4",
                            "csiso2022jp",
                            "cseucpkdfmtjapanese"}) {
    EXPECT_TRUE(to_utf8("abc", label)) << label;
  }
}

TEST(ToUtf8, MeansTheSameInAnyCompany) {
  for (const char* label : {"windows-1252", "iso-8859-2", "koi8-r", "windows-1251", "macintosh",
                            "windows-874", "iso-8859-7", "ibm866"}) {
    std::string all;
    std::string one_by_one;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 256; ++i) {
        all += static_cast<char>(i * (2 * round + 1));  // every byte beside many others
        one_by_one += *to_utf8(all.substr(all.size() - 1), label);
      }
      all.append(static_cast<std::size_t>(round), 'x');
      one_by_one.append(static_cast<std::size_t>(round), 'x');
    }
    EXPECT_EQ(*to_utf8(all, label), one_by_one) << label;
    EXPECT_TRUE(is_utf8(one_by_one)) << label;
  }
}

TEST(ToUtf8, RefusesUnknownAndDangerousLabels) {
  EXPECT_FALSE(to_utf8("abc", "x-bogus-99"));
  EXPECT_FALSE(to_utf8("abc", "utf-7"));
  EXPECT_FALSE(to_utf8("abc", ""));
}

TEST(ToUtf8, CountsWhatItReplaces) {
  int errors = -1;
  EXPECT_EQ(to_utf8("a\x80\xFF z", "euc-jp", &errors)->substr(0, 1), "a");
  EXPECT_GT(errors, 0);
  EXPECT_EQ(to_utf8("a\xFFz", "utf-8", &errors), "a\uFFFDz");
  EXPECT_EQ(errors, 1);
  to_utf8("az", "euc-jp", &errors);
  EXPECT_EQ(errors, 0);
}

TEST(ToUtf8, ConvertsMoreThanOneBuffer) {
  std::string bytes;
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    bytes += "\xD6\xD0";
    text += "中";
  }
  EXPECT_EQ(to_utf8(bytes, "gbk"), text);
}

TEST(IsUtf8, IsStrict) {
  EXPECT_TRUE(is_utf8("")) << "empty";
  EXPECT_TRUE(is_utf8("aé中😀 long enough to cross a word"));
  for (const std::string_view bad : {"\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv,
                                     "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv,
                                     "\xE4\xB8"sv, "12345678\xFF"sv, "\xF0\x8F\xBF\xBF"sv}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8(scrub_utf8(bad)));
  }
}

TEST(ScrubUtf8, KeepsWhatIsGood) {
  EXPECT_EQ(scrub_utf8("aé\xFFz"), "aé\uFFFDz");
  EXPECT_EQ(scrub_utf8("\xE4\xB8z"), "\uFFFDz");
  EXPECT_EQ(scrub_utf8("中"), "中");
}

constexpr std::string_view kUtf8Text = "<r>é“中文”</r>";

TEST(DecodeXml, TrustsTheBomFirst) {
  EXPECT_EQ(decode_xml("\xEF\xBB\xBF" + std::string(kUtf8Text), "iso-8859-1"), kUtf8Text);
  EXPECT_EQ(decode_xml("\xEF\xBB\xBF\xEF\xBB\xBF<r/>", ""), "<r/>");
  EXPECT_EQ(decode_xml("\xFF\xFE<\0r\0/\0>\0"s, "utf-8"), "<r/>");
  EXPECT_EQ(decode_xml("\xFE\xFF\0<\0r\0/\0>"s, ""), "<r/>");
  EXPECT_EQ(decode_xml("\x00\x00\xFE\xFF\0\0\0<\0\0\0r\0\0\0/\0\0\0>"s, ""), "<r/>");
}

TEST(DecodeXml, SeesWideEncodingsWithoutABom) {
  EXPECT_EQ(decode_xml("<\0r\0/\0>\0"s, ""), "<r/>");
  EXPECT_EQ(decode_xml("\0<\0r\0/\0>"s, "utf-8"), "<r/>");
  EXPECT_EQ(decode_xml("\r\0\n\0<\0r\0/\0>\0"s, "utf-16"), "\r\n<r/>");
}

TEST(DecodeXml, LetsTheHttpCharsetWinOverTheDeclaration) {
  EXPECT_EQ(decode_xml("<?xml version='1.0' encoding='utf-8'?><r>\xC0\xE0</r>", "windows-1251"),
            "<?xml version='1.0' encoding='utf-8'?><r>Аа</r>");
}

TEST(DecodeXml, TakesTheDeclarationWhereHttpCannotBe) {
  const std::string declared = "<?xml version='1.0' encoding='koi8-r'?><r>\xE1\xC1 \xE1\xC1</r>";
  EXPECT_NE(decode_xml(declared, "utf-8").find("<r>Аа Аа"), std::string::npos);
  EXPECT_NE(decode_xml(declared, "none").find("<r>Аа Аа"), std::string::npos);
}

TEST(DecodeXml, BelievesBytesThatAreUtf8) {
  for (const char* label : {"iso-8859-1", "us-ascii", "gb2312", "x-bogus", ""}) {
    EXPECT_EQ(decode_xml(kUtf8Text, label), kUtf8Text) << label;
  }
}

TEST(DecodeXml, OneBadByteDoesNotChangeTheCharset) {
  EXPECT_EQ(decode_xml("<r>中文中文中文\xFF</r>", "utf-8"), "<r>中文中文中文\uFFFD</r>");
}

TEST(DecodeXml, FallsBackToWindows1252) {
  EXPECT_EQ(decode_xml("<r>caf\xE9 \x93x\x94</r>", "utf-8"), "<r>café “x”</r>");
  EXPECT_EQ(decode_xml("<r>caf\xE9</r>", ""), "<r>café</r>");
}

TEST(DecodeXml, IsValidWhateverComesIn) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>((i * 2654435761U) >> 13);
  for (const char* label : {"", "utf-8", "gb18030", "shift_jis", "utf-16", "iso-2022-jp"}) {
    EXPECT_TRUE(is_utf8(decode_xml(bytes, label))) << label;
    EXPECT_TRUE(is_utf8(decode_html(bytes, label))) << label;
  }
}

TEST(DecodeHtml, ReadsMeta) {
  EXPECT_EQ(decode_html("<meta charset=windows-1251>\xC0\xE0", ""),
            "<meta charset=windows-1251>Аа");
  EXPECT_EQ(decode_html("<META HTTP-EQUIV=x content=\"text/html; charset=koi8-r\">\xE1", ""),
            "<META HTTP-EQUIV=x content=\"text/html; charset=koi8-r\">А");
  EXPECT_EQ(decode_html("<!-- <meta charset=koi8-r> --><p>\xE9", ""),
            "<!-- <meta charset=koi8-r> --><p>é");
  EXPECT_EQ(decode_html("<meta charset=utf-16><p>\xE9\xE8", ""), "<meta charset=utf-16><p>éè");
}

}  // namespace
}  // namespace nutgraf
