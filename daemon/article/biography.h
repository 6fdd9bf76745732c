#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nutgraf {

/// Bytes of an author's biography at a story; a longer one is the story.
inline constexpr std::size_t kLongestBiography = 800;

/// "About the author": the next line tells who wrote the story.
bool announces_biography(std::string_view line);

/// The name with which a line begins: two to four capitalized words, up to a word that is not
/// ("Jane Doe lives in …"), or all of the line. Empty if there is none.
std::string leading_name(std::string_view line);

/// The name in "Jane Doe is a freelance writer who …": one who writes by profession, introduced
/// within the first words. Empty if the line does not do that.
std::string introduced_writer(std::string_view line);

}  // namespace nutgraf
