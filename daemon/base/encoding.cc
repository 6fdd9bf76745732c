#include "daemon/base/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

struct Label {
  std::string_view label;
  const char* converter;  ///< ICU's name.
};

/// Labels that mean something else on the web than ICU takes them for, or that ICU does not know
/// [https://encoding.spec.whatwg.org/#names-and-labels]. All others ICU resolves as the web does.
constexpr auto kLabels = std::to_array<Label>({
    {"ansi_x3.4-1968", "windows-1252"},
    {"ascii", "windows-1252"},
    {"big5", "Big5-HKSCS"},
    {"big5-hkscs", "Big5-HKSCS"},
    {"chinese", "gb18030"},
    {"cn-big5", "Big5-HKSCS"},
    {"cp1253", "windows-1253"},
    {"cp1255", "windows-1255"},
    {"cp819", "windows-1252"},
    {"csbig5", "Big5-HKSCS"},
    {"cseuckr", "windows-949"},
    {"csgb2312", "gb18030"},
    {"csiso58gb231280", "gb18030"},
    {"csisolatin1", "windows-1252"},
    {"csisolatin5", "windows-1254"},
    {"csksc56011987", "windows-949"},
    {"cskoi8r", "KOI8-R"},
    {"csshiftjis", "windows-31j"},
    {"dos-874", "windows-874-2000"},
    {"euc-kr", "windows-949"},
    {"gb2312", "gb18030"},
    {"gb_2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"ibm819", "windows-1252"},
    {"ibm866", "IBM866"},
    {"iso-8859-1", "windows-1252"},
    {"iso-8859-11", "windows-874-2000"},
    {"csiso88596e", "ISO-8859-6"},
    {"csiso88596i", "ISO-8859-6"},
    {"csiso88598e", "ISO-8859-8"},
    {"csiso88598i", "ISO-8859-8"},
    {"iso-8859-6-e", "ISO-8859-6"},
    {"iso-8859-6-i", "ISO-8859-6"},
    {"iso-8859-8-e", "ISO-8859-8"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "windows-1254"},
    {"iso-ir-100", "windows-1252"},
    {"iso-ir-148", "windows-1254"},
    {"iso-ir-149", "windows-949"},
    {"iso-ir-58", "gb18030"},
    {"iso8859-1", "windows-1252"},
    {"iso8859-11", "windows-874-2000"},
    {"iso8859-9", "windows-1254"},
    {"iso88591", "windows-1252"},
    {"iso885911", "windows-874-2000"},
    {"iso885910", "iso-8859-10"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "iso-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"iso88592", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88599", "windows-1254"},
    {"iso_8859-1", "windows-1252"},
    {"iso_8859-1:1987", "windows-1252"},
    {"iso_8859-9", "windows-1254"},
    {"iso_8859-9:1989", "windows-1254"},
    {"koi", "KOI8-R"},
    {"koi8", "KOI8-R"},
    {"koi8_r", "KOI8-R"},
    {"koi8-ru", "KOI8-U"},
    {"koi8-u", "KOI8-U"},
    {"korean", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601-1989", "windows-949"},
    {"ksc5601", "windows-949"},
    {"ksc_5601", "windows-949"},
    {"l1", "windows-1252"},
    {"l5", "windows-1254"},
    {"latin1", "windows-1252"},
    {"latin5", "windows-1254"},
    {"logical", "ISO-8859-8"},
    {"mac", "macintosh"},
    {"macintosh", "macintosh"},
    {"ms932", "windows-31j"},
    {"ms_kanji", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"shift_jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"sun_eu_greek", "ISO-8859-7"},
    {"tis-620", "windows-874-2000"},
    {"unicode", "UTF-16LE"},
    {"us-ascii", "windows-1252"},
    {"utf-16", "UTF-16LE"},
    {"visual", "ISO-8859-8"},
    {"windows-31j", "windows-31j"},
    {"windows-874", "windows-874-2000"},
    {"windows-949", "windows-949"},
    {"x-cp1250", "windows-1250"},
    {"x-cp1251", "windows-1251"},
    {"x-cp1252", "windows-1252"},
    {"x-cp1253", "windows-1253"},
    {"x-cp1254", "windows-1254"},
    {"x-cp1255", "windows-1255"},
    {"x-cp1256", "windows-1256"},
    {"x-cp1257", "windows-1257"},
    {"x-cp1258", "windows-1258"},
    {"x-gbk", "gb18030"},
    {"x-euc-jp", "EUC-JP"},
    {"x-mac-cyrillic", "x-mac-cyrillic"},
    {"x-mac-roman", "macintosh"},
    {"x-mac-ukrainian", "x-mac-cyrillic"},
    {"x-sjis", "windows-31j"},
    {"x-x-big5", "Big5-HKSCS"},
});

bool is_utf8_label(std::string_view label) {
  return label == "utf-8" || label == "utf8" || label == "unicode-1-1-utf-8" ||
         label == "x-unicode20utf8" || label == "unicode11utf8" || label == "unicode20utf8";
}

/// What can smuggle ASCII markup past a reader of bytes, and no feed is honestly written in.
bool is_refused_label(std::string_view label) {
  return label.starts_with("utf-7") || label.starts_with("utf7") || label.starts_with("scsu") ||
         label.starts_with("bocu") || label.starts_with("imap");
}

std::string normal_label(std::string_view label) {
  label = trim(label);
  while (label.size() >= 2 && (label.front() == '"' || label.front() == '\'')) {
    label.remove_prefix(1);
  }
  while (!label.empty() && (label.back() == '"' || label.back() == '\'')) label.remove_suffix(1);
  return to_lower(trim(label));
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  return U_SUCCESS(status) ? std::move(converter) : nullptr;
}

/// ICU's name for a label, empty for one that is refused.
std::string converter_name(const std::string& label) {
  if (label.size() > 64 || is_refused_label(label)) return "";
  const auto known = std::find_if(kLabels.begin(), kLabels.end(),
                                  [&](const Label& l) { return l.label == label; });
  return known != kLabels.end() ? known->converter : label;
}

/// ICU calls this for every sequence it cannot map: counts it and writes U+FFFD.
void U_CALLCONV count_and_replace(const void* context, UConverterToUnicodeArgs* args, const char*,
                                  int32_t, UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;
  ++*static_cast<int*>(const_cast<void*>(context));
  *status = U_ZERO_ERROR;
  constexpr UChar kMark = kReplacement;
  ucnv_cbToUWriteUChars(args, &kMark, 1, 0, status);
}

std::optional<std::string> convert(std::string_view bytes, UConverter* from, int* errors) {
  UErrorCode status = U_ZERO_ERROR;
  const Converter to = open_converter("UTF-8");
  if (to == nullptr) return std::nullopt;
  ucnv_setToUCallBack(from, count_and_replace, errors, nullptr, nullptr, &status);
  std::array<UChar, 8192> pivot{};
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  std::string out(bytes.size() + bytes.size() / 2 + 16, '\0');
  size_t used = 0;
  for (UBool first = true;; first = false) {
    char* target = out.data() + used;
    status = U_ZERO_ERROR;
    ucnv_convertEx(to.get(), from, &target, out.data() + out.size(), &source, end, pivot.data(),
                   &pivot_source, &pivot_target, pivot.data() + pivot.size(), first, true, &status);
    used = static_cast<size_t>(target - out.data());
    if (status != U_BUFFER_OVERFLOW_ERROR) break;
    out.resize(out.size() * 2);
  }
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(used);
  return out;
}

/// Bytes of plain ASCII from `pos` on, thirty-two at a time.
size_t ascii_run(std::string_view text, size_t pos) {
  const size_t start = pos;
  const auto high_bits = [&](size_t at) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    return word & 0x8080808080808080U;
  };
  while (pos + 32 <= text.size() &&
         (high_bits(pos) | high_bits(pos + 8) | high_bits(pos + 16) | high_bits(pos + 24)) == 0) {
    pos += 32;
  }
  while (pos + 8 <= text.size() && high_bits(pos) == 0) pos += 8;
  while (pos < text.size() && static_cast<unsigned char>(text[pos]) < 0x80) ++pos;
  return pos - start;
}

struct Utf8Tally {
  size_t multibyte = 0;  ///< Well-formed sequences of two to four bytes.
  size_t errors = 0;
};

Utf8Tally tally_utf8(std::string_view bytes) {
  Utf8Tally tally;
  for (size_t pos = ascii_run(bytes, 0); pos < bytes.size();) {
    const Utf8Step step = utf8_step(bytes, pos);
    ++(step.valid ? tally.multibyte : tally.errors);
    pos += step.length;
    if (pos < bytes.size() && static_cast<unsigned char>(bytes[pos]) < 0x80) {
      pos += ascii_run(bytes, pos);
    }
  }
  return tally;
}

/// A charset of one byte a character, which has ASCII in its lower half.
struct ByteTable {
  struct Entry {
    std::array<char, 4> utf8{};  ///< Padded, so that it is copied as one word.
    uint8_t length = 0;
    bool error = false;
  };
  std::array<Entry, 256> entries;

  void set(size_t byte, char32_t c) {
    std::string utf8;
    append_utf8(utf8, c);
    Entry& entry = entries[byte];
    std::copy(utf8.begin(), utf8.end(), entry.utf8.begin());
    entry.length = static_cast<uint8_t>(utf8.size());
    entry.error = c == kReplacement;
  }
};

ByteTable windows_1252_table() {
  ByteTable table;
  for (size_t byte = 0; byte < 256; ++byte) {
    table.set(byte, windows_1252(static_cast<unsigned char>(byte)));
  }
  return table;
}

/// Romania's charset, which ICU does not have.
ByteTable iso_8859_16_table() {
  constexpr std::array<char16_t, 32> kA0 = {
      0xA0, 0x104, 0x105, 0x141, 0x20AC, 0x201E, 0x160, 0xA7,  0x161, 0xA9,  0x218,
      0xAB, 0x179, 0xAD,  0x17A, 0x17B,  0xB0,   0xB1,  0x10C, 0x142, 0x17D, 0x201D,
      0xB6, 0xB7,  0x17E, 0x10D, 0x219,  0xBB,   0x152, 0x153, 0x178, 0x17C};
  ByteTable table;
  for (size_t byte = 0; byte < 256; ++byte) {
    table.set(byte, byte >= 0xA0 && byte < 0xC0 ? kA0[byte - 0xA0] : static_cast<char32_t>(byte));
  }
  for (const auto& [byte, c] : std::to_array<std::pair<size_t, char32_t>>({{0xC3, 0x102},
                                                                           {0xC5, 0x106},
                                                                           {0xD0, 0x110},
                                                                           {0xD1, 0x143},
                                                                           {0xD5, 0x150},
                                                                           {0xD7, 0x15A},
                                                                           {0xD8, 0x170},
                                                                           {0xDD, 0x118},
                                                                           {0xDE, 0x21A},
                                                                           {0xE3, 0x103},
                                                                           {0xE5, 0x107},
                                                                           {0xF0, 0x111},
                                                                           {0xF1, 0x144},
                                                                           {0xF5, 0x151},
                                                                           {0xF7, 0x15B},
                                                                           {0xF8, 0x171},
                                                                           {0xFD, 0x119},
                                                                           {0xFE, 0x21B}})) {
    table.set(byte, c);
  }
  return table;
}

/// Bytes that mean something else on the web than ICU takes them for.
struct Exception {
  std::string_view converter;
  size_t byte;
  char32_t meaning;
};
constexpr auto kExceptions = std::to_array<Exception>({{"windows-1253", 0xAA, kReplacement},
                                                       {"windows-1255", 0xCA, 0x5BA},
                                                       {"KOI8-U", 0xAE, 0x45E},
                                                       {"KOI8-U", 0xBE, 0x40E}});

/// nullopt for a charset of several bytes, with states, or without ASCII.
std::optional<ByteTable> table_of(UConverter* converter, std::string_view name) {
  const UConverterType type = ucnv_getType(converter);
  if (type != UCNV_SBCS && type != UCNV_LATIN_1) return std::nullopt;
  std::array<char, 256> bytes{};
  for (size_t byte = 0; byte < 256; ++byte) bytes[byte] = static_cast<char>(byte);
  std::array<UChar, 512> text{};
  UErrorCode status = U_ZERO_ERROR;
  const int32_t length = ucnv_toUChars(converter, text.data(), 512, bytes.data(), 256, &status);
  if (U_FAILURE(status) || length != 256) return std::nullopt;
  ByteTable table;
  for (size_t byte = 0; byte < 256; ++byte) {
    // IBM's charsets swap some controls.
    const bool control = byte < 0x20 || byte == 0x7F;
    if (byte < 0x80 && !control && text[byte] != byte) return std::nullopt;
    // What ICU puts into the private use area is a hole of Thai's charset.
    const bool hole = text[byte] >= 0xF8C1 && text[byte] <= 0xF8C8;
    table.set(byte, control ? static_cast<char32_t>(byte) : hole ? kReplacement : text[byte]);
  }
  for (const Exception& exception : kExceptions) {
    if (exception.converter == name) table.set(exception.byte, exception.meaning);
  }
  return table;
}

/// Without the detour through UTF-16: five times as fast as ICU's own conversion.
std::string from_bytes(std::string_view bytes, const ByteTable& table, int* errors) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  constexpr size_t kChunk = 1024;
  std::array<char, 3 * kChunk + 4> chunk{};
  for (size_t pos = 0; pos < bytes.size();) {
    const size_t run = ascii_run(bytes, pos);
    out.append(bytes.substr(pos, run));
    pos += run;
    // Letters above ASCII come in words: the few of ASCII among them are not worth a run.
    const size_t end = std::min(bytes.size(), pos + kChunk);
    char* to = chunk.data();
    for (int plain = 0; pos < end && plain < 16; ++pos) {
      const ByteTable::Entry& entry = table.entries[static_cast<unsigned char>(bytes[pos])];
      std::memcpy(to, entry.utf8.data(), 4);
      to += entry.length;
      *errors += entry.error ? 1 : 0;
      plain = entry.length == 1 ? plain + 1 : 0;
    }
    out.append(chunk.data(), static_cast<size_t>(to - chunk.data()));
  }
  return out;
}

struct Bom {
  std::string_view bytes;
  const char* label;
};
using namespace std::string_view_literals;
constexpr std::array kBoms = {Bom{"\xEF\xBB\xBF"sv, "utf-8"}, Bom{"\xFF\xFE\x00\x00"sv, "utf-32le"},
                              Bom{"\x00\x00\xFE\xFF"sv, "utf-32be"}, Bom{"\xFF\xFE"sv, "utf-16le"},
                              Bom{"\xFE\xFF"sv, "utf-16be"}};

/// Wide encodings show in the first '<' [XML 1.0, appendix F].
constexpr std::array kWide = {Bom{"\0\0\0<"sv, "utf-32be"}, Bom{"<\0\0\0"sv, "utf-32le"},
                              Bom{"\0<\0"sv, "utf-16be"}, Bom{"<\0"sv, "utf-16le"},
                              Bom{"\x4C\x6F\xA7\x94"sv, "cp037"}};

template <size_t N>
const Bom* starting(std::string_view bytes, const std::array<Bom, N>& marks) {
  const auto* found = std::find_if(marks.begin(), marks.end(),
                                   [&](const Bom& m) { return bytes.starts_with(m.bytes); });
  return found == marks.end() ? nullptr : found;
}

/// The value after `key` and '=' in `text`, quoted or not; empty if there is none.
std::string_view attribute_value(std::string_view text, size_t key_end) {
  size_t pos = key_end;
  while (pos < text.size() && is_space(text[pos])) ++pos;
  if (pos >= text.size() || text[pos] != '=') return {};
  ++pos;
  while (pos < text.size() && is_space(text[pos])) ++pos;
  if (pos >= text.size()) return {};
  if (text[pos] == '"' || text[pos] == '\'') {
    const size_t end = text.find(text[pos], pos + 1);
    return end == std::string_view::npos ? std::string_view{} : text.substr(pos + 1, end - pos - 1);
  }
  const size_t end = std::min(text.find_first_of(" \t\r\n\f;>\"'?", pos), text.size());
  return text.substr(pos, end - pos);
}

std::string declared_in_xml(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 1024);
  const size_t start = head.find("<?xml");
  if (start == std::string_view::npos) return "";
  const std::string_view declaration = head.substr(start, head.find("?>", start) - start);
  const size_t key = declaration.find("encoding");
  if (key == std::string_view::npos) return "";
  return normal_label(attribute_value(declaration, key + 8));
}

std::string charset_of_meta(std::string_view tag) {
  const size_t key = tag.find("charset");
  if (key == std::string_view::npos) return "";
  return normal_label(attribute_value(tag, key + 7));
}

std::string declared_in_html(std::string_view bytes) {
  const std::string head = to_lower(bytes.substr(0, 4096));
  for (size_t pos = head.find('<'); pos != std::string::npos; pos = head.find('<', pos)) {
    const std::string_view rest = std::string_view(head).substr(pos);
    if (rest.starts_with("<!--")) {
      pos = std::min(head.find("-->", pos), head.size());
      continue;
    }
    ++pos;
    if (!rest.starts_with("<meta")) continue;
    std::string label = charset_of_meta(rest.substr(0, rest.find('>')));
    // Whoever can read the tag as ASCII does not read UTF-16.
    if (label.starts_with("utf-16")) return "utf-8";
    if (!label.empty()) return label;
  }
  return "";
}

std::string without_boms(std::string_view utf8) {
  while (utf8.starts_with("\xEF\xBB\xBF")) utf8.remove_prefix(3);
  return std::string(utf8);
}

/// `bytes` in the first of `labels` that maps every byte; the last one that is known at all may
/// leave marks if none does.
std::optional<std::string> decode_declared(std::string_view bytes, std::string_view http,
                                           std::string_view declared) {
  std::optional<std::string> second_best;
  for (const std::string_view label : {http, declared}) {
    if (is_utf8_label(label)) continue;
    int errors = 0;
    auto text = to_utf8(bytes, label, &errors);
    // Bytes read as UTF-16 by mistake give letters of China without an error, but no markup.
    if (!text || text->find('<') == std::string::npos) continue;
    if (errors == 0) return text;
    if (!second_best) second_best = std::move(text);
  }
  return second_best;
}

std::string decode_document(std::string_view bytes, std::string_view http_charset,
                            const std::string& declared) {
  // What is UTF-8 by its bytes is nothing else by accident, whatever a header or a declaration
  // says: three sequences in a row are valid in no legacy text. Plain ASCII may still be
  // ISO-2022-JP.
  const bool ascii = ascii_run(bytes, 0) == bytes.size();
  if (ascii ? bytes.find('\x1B') == std::string_view::npos : is_utf8(bytes)) {
    return without_boms(bytes);
  }
  const Utf8Tally tally = tally_utf8(bytes);
  // A few bad bytes among many good sequences: a UTF-8 document with a scratch.
  if (tally.multibyte > tally.errors) return without_boms(scrub_utf8(bytes));
  if (auto text = decode_declared(bytes, normal_label(http_charset), declared)) return *text;
  return to_utf8(bytes, "windows-1252").value_or(scrub_utf8(bytes));
}

std::optional<std::string> decode_by_mark(std::string_view bytes, std::string_view http_charset) {
  if (const Bom* bom = starting(bytes, kBoms)) {
    // A UTF-8 BOM before bytes that are not UTF-8 is a lie; go on without it.
    bytes.remove_prefix(bom->bytes.size());
    if (bom != kBoms.data()) return to_utf8(bytes, bom->label);
    return is_utf8(bytes) ? std::optional(without_boms(bytes)) : std::nullopt;
  }
  if (const Bom* wide = starting(bytes, kWide)) return to_utf8(bytes, wide->label);
  const std::string http = normal_label(http_charset);
  if (http.starts_with("utf-16") || http.starts_with("utf-32")) {
    int errors = 0;
    auto text = to_utf8(bytes, http, &errors);
    if (text && errors == 0 && text->find('<') != std::string::npos) return without_boms(*text);
  }
  return std::nullopt;
}

}  // namespace

std::string charset_of_content_type(std::string_view content_type) {
  const std::string lower = to_lower(content_type);
  for (size_t pos = lower.find(';'); pos != std::string::npos; pos = lower.find(';', pos)) {
    ++pos;
    while (pos < lower.size() && is_space(lower[pos])) ++pos;
    if (!std::string_view(lower).substr(pos).starts_with("charset")) continue;
    return normal_label(attribute_value(lower, pos + 7));
  }
  return "";
}

std::optional<std::string> to_utf8(std::string_view bytes, std::string_view label, int* errors) {
  const std::string name = normal_label(label);
  int count = 0;
  std::optional<std::string> out;
  if (is_utf8_label(name)) {
    count = static_cast<int>(std::min<size_t>(tally_utf8(bytes).errors, 1U << 30U));
    out = count == 0 ? std::string(bytes) : scrub_utf8(bytes);
  } else if (const std::string converter_label = converter_name(name);
             converter_label == "windows-1252") {
    out = from_bytes(bytes, windows_1252_table(), &count);
  } else if (name == "iso-8859-16") {
    out = from_bytes(bytes, iso_8859_16_table(), &count);
  } else if (const Converter converter = open_converter(converter_label.c_str());
             converter != nullptr && !converter_label.empty()) {
    const auto table = table_of(converter.get(), converter_label);
    out = table ? from_bytes(bytes, *table, &count) : convert(bytes, converter.get(), &count);
  }
  if (errors != nullptr) *errors = count;
  return out;
}

bool is_utf8(std::string_view bytes) {
  for (size_t pos = ascii_run(bytes, 0); pos < bytes.size();) {
    const Utf8Step step = utf8_step(bytes, pos);
    if (!step.valid) return false;
    pos += step.length;
    if (pos < bytes.size() && static_cast<unsigned char>(bytes[pos]) < 0x80) {
      pos += ascii_run(bytes, pos);
    }
  }
  return true;
}

std::string scrub_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (size_t pos = 0; pos < bytes.size();) {
    const size_t run = ascii_run(bytes, pos);
    out.append(bytes.substr(pos, run));
    pos += run;
    if (pos >= bytes.size()) break;
    const Utf8Step step = utf8_step(bytes, pos);
    out.append(step.valid ? bytes.substr(pos, step.length) : kReplacementUtf8);
    pos += step.length;
  }
  return out;
}

std::string decode_xml(std::string_view bytes, std::string_view http_charset) {
  if (auto text = decode_by_mark(bytes, http_charset)) return std::move(*text);
  while (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return decode_document(bytes, http_charset, declared_in_xml(bytes));
}

std::string decode_html(std::string_view bytes, std::string_view http_charset) {
  if (auto text = decode_by_mark(bytes, http_charset)) return std::move(*text);
  while (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return decode_document(bytes, http_charset, declared_in_html(bytes));
}

}  // namespace nutgraf
