#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nutgraf {

/// A story of the newsroom, plain text.
struct NewsroomStory {
  std::string slug;
  std::string title;
  std::string author;
  std::string category;
  std::string teaser;  ///< Empty: the first paragraph.
  std::vector<std::string> body;
  std::string site = "The Example";  ///< Name of the paper.
  std::string language = "en";
  std::int64_t published = 0;  ///< Seconds since 1970.
  std::int64_t updated = 0;

  const std::string& teaser_text() const { return teaser.empty() ? body.front() : teaser; }
};

/// The page a newspaper makes of it: metadata, navigation, sharing, related links, a prompt to
/// subscribe and a footer around the text. `url` is its own.
std::string story_page(const NewsroomStory& story, const std::string& url);

/// The paragraphs as HTML, what feeds with full text carry.
std::string story_html(const NewsroomStory& story);

}  // namespace nutgraf
