#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace nutgraf {

/// Longest selector that is read, in bytes, and how deep its brackets may nest.
inline constexpr std::size_t kLongestSelector = 512;
inline constexpr int kDeepestSelector = 8;
/// Selectors of one list.
inline constexpr std::size_t kMostSelectors = 32;

/// What is wrong with a selector, where (in bytes, from 1), and what to write instead.
struct SelectorProblem {
  std::size_t position = 0;
  std::string message;
};

/// An operator's selector as XPath 1.0, one expression for each part of a comma list. Pure; bounded
/// by kLongestSelector.
///
/// What begins with '/' or '(' is XPath already and is only looked over: core functions alone, no
/// variables, no namespaces. Everything else is CSS, of which there is:
///
///   tag  *  .class  #id  :first-child  :last-child
///   [attr]  [attr=value]  [attr^=value]  [attr$=value]  [attr*=value]
///   a b (b below a)  a > b (b is a child of a)  a, b (either)
///
/// Names of tags and attributes in any case; values with or without quotes. Every expression that
/// is made of CSS begins at the root and looks only upwards from there: `a b` is
/// /descendant::b[ancestor::a], since libxml2 merges the results of //a//b in quadratic time.
tl::expected<std::vector<std::string>, SelectorProblem> xpaths_of(std::string_view selector);

/// True if xpaths_of() takes it for XPath.
bool is_xpath(std::string_view selector);

/// "" or what is wrong with a selector, with its position: xpaths_of(), and for XPath whether it
/// can be compiled and gives nodes.
std::string check_selector(const std::string& selector);

}  // namespace nutgraf
