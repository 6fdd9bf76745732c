#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace nutgraf {

/// What a class or id name says about an element ("related-posts": furniture).
struct ClassToken {
  /// When furniture of this kind may be taken out.
  enum class Kind : std::uint8_t {
    kFurniture,  ///< As a rule.
    kLinky,  ///< Only if it is mostly links or holds no good text: some sites name their story so.
    kComment,  ///< Readers' comments: judged on their own.
  };
  std::uint16_t id = 0;  ///< Which word of the table, below kClassTokenCount.
  Kind kind = Kind::kFurniture;
};

/// Upper bound of ClassToken::id.
inline constexpr std::uint16_t kClassTokenCount = 512;

/// The tokens in the value of a class attribute or id: words are split at blanks, each at '-', '_'
/// and camelCase. Strong words count anywhere in a name; weak ones only as the first or last of at
/// most three parts; names that describe a page rather than a part ("tag-politics", "has-sidebar",
/// "block--modifier") do not count.
std::vector<ClassToken> class_tokens(std::string_view value);

/// The token is "teaser": of another story, or, where no link leads there, of this one.
bool names_teaser(const ClassToken& token);

/// The name says that this is the story's own text ("entry-content", "articleBody").
bool names_content(std::string_view value);

}  // namespace nutgraf
