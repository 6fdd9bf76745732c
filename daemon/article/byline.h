#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Names of people in the words around them: "By Jane Doe and John Smith | City". Where on a page
/// such words may stand is author.cc's business. All pure and linear.
namespace nutgraf {

using Names = std::vector<std::string>;

/// More are a list of staff.
inline constexpr std::size_t kMostAuthors = 8;

/// The names in a byline, an attribute or a JSON-LD string, without introduction, roles and what
/// follows them; empty if it holds none.
Names clean_names(std::string_view raw);

/// The names of a line that says who wrote the text; empty if the line is no byline.
Names byline_names(std::string_view line);

/// "By", "Written by:": it only introduces a name.
bool is_introduction(std::string_view text);

/// It looks like a name. `strict`: of a person, with two words and capitals.
bool is_name(const Names& names, bool strict);

/// "jdoe", "jane_doe": what the software calls its user.
bool is_handle(const Names& names);

}  // namespace nutgraf
