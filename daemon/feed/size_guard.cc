#include "daemon/feed/size_guard.h"

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

// Of pugixml, on 64 bits: a node has 64 bytes, an attribute 40. A '<' makes a node at most, and
// ends the text node before it.
constexpr std::size_t kNode = 64;
constexpr std::size_t kAttribute = 40;
// The repair writes a bare '&' as "&amp;", into a string that doubles.
constexpr std::size_t kReference = 12;
constexpr std::size_t kName = 4;  // With a name behind it, it may be a reference as it is.

constexpr std::size_t kSmall = kMaxTree / (2 * kNode);  // Bytes that cannot cost too much.

std::size_t cost_of(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case '<':
      return at + 1 < text.size() && text[at + 1] == '/' ? kNode : 2 * kNode;
    case '=':
      return kAttribute;
    case '&':
      return at + 1 < text.size() && (is_alpha(text[at + 1]) || text[at + 1] == '#') ? kName
                                                                                     : kReference;
    default:
      return 0;
  }
}

}  // namespace

std::string_view affordable(std::string_view text) {
  if (text.size() < kSmall) return text;
  constexpr std::string_view kSection = "<![CDATA[";
  std::size_t cost = 0;
  bool sections_end = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    cost += cost_of(text, at);
    if (cost > kMaxTree) return text.substr(0, at);
    if (text[at] != '<' || !sections_end || !text.substr(at).starts_with(kSection)) continue;
    // Markup in there is text. Of one that never ends, the repair may see it otherwise.
    const std::size_t end = text.find("]]>", at);
    sections_end = end != std::string_view::npos;
    if (sections_end) at = end;
  }
  return text;
}

}  // namespace nutgraf
