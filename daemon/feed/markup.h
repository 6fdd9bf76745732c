#pragma once

#include <string>
#include <string_view>

namespace pugi {
class xml_node;
}

namespace nutgraf {

/// The text of an element: its text and CDATA children as one; markup inside it is left out of
/// account (see inner_markup).
std::string text_of(const pugi::xml_node& element);

/// text_of() to look at, without a copy where the element has one piece of text. Valid while this
/// and the document are.
class ElementText {
 public:
  explicit ElementText(const pugi::xml_node& element);
  ElementText(const ElementText&) = delete;
  ElementText& operator=(const ElementText&) = delete;

  std::string_view view() const { return view_; }

 private:
  std::string joined_;
  std::string_view view_;
};

bool has_element_children(const pugi::xml_node& element);

/// What an element holds, as HTML: text escaped again, element prefixes ("xhtml:p") and namespace
/// declarations dropped. Iterative; below 256 levels only text is kept.
std::string inner_markup(const pugi::xml_node& element);

/// How Atom and its likes say what a text is [RFC 4287 section 3.1; Atom 0.3, section 3.1].
enum class TextKind { kHtml, kText, kXhtml, kBase64, kOpaque };

/// kText only where the element says so or, with `atom`, where it says nothing.
TextKind text_kind(const pugi::xml_node& element, bool atom);

/// The element's content as HTML, links as given. Empty for content that is no text.
std::string html_of(const pugi::xml_node& element, bool atom);

/// The element's content as one line of plain text.
std::string line_of(const pugi::xml_node& element, bool atom);

}  // namespace nutgraf
