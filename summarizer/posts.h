#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace nutgraf::summarizer {

/// Bytes of a text, [begin, end).
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Bytes that a post has at most, links and signature included; as X has it with its 280
/// characters.
inline constexpr std::size_t kMaxPost = 500;

/// Posts of social networks that were pasted into a text. They are what somebody wrote, and nothing
/// but the signature says who:
///
///   "The Fake News is at it again! — Ann Lee (@annlee) June 9, 2020"
///
/// A signature is a name and a handle in brackets, with a date behind it and a dash or a new line
/// before it, or with the end of the line behind it and a dash before. Its post is the line before
/// it: of the same paragraph, or, if it stands alone, of the one before. From a longer line than
/// kMaxPost nobody can tell what belongs to the post: then it is the signature alone. In the order
/// of the text. Linear.
std::vector<Stretch> find_posts(std::string_view text);

}  // namespace nutgraf::summarizer
