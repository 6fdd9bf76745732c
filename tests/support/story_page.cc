#include "tests/support/story_page.h"

#include "tests/support/feed_writer.h"

namespace nutgraf {

namespace {

std::string head(const NewsroomStory& story, const std::string& url) {
  const std::string title = escape_xml(story.title);
  return "<!DOCTYPE html>\n<html lang=\"" + escape_xml(story.language) +
         "\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + title + " | " + escape_xml(story.site) +
         "</title>\n<link rel=\"canonical\" href=\"" + escape_xml(url) +
         "\">\n<meta property=\"og:title\" content=\"" + title +
         "\">\n<meta property=\"og:type\" content=\"article\">\n<meta property=\"og:site_name\" "
         "content=\"" +
         escape_xml(story.site) + "\">\n<meta name=\"author\" content=\"" +
         escape_xml(story.author) + "\">\n<meta property=\"article:published_time\" content=\"" +
         iso_date(story.published) + "\">\n<meta name=\"description\" content=\"" +
         escape_xml(story.teaser_text()) + "\">\n</head>\n";
}

std::string masthead(const NewsroomStory& story) {
  return "<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
         "<header><div class=\"logo\"><a href=\"/\">" +
         escape_xml(story.site) +
         "</a></div>\n<nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/world\">World</a></li>"
         "<li><a href=\"/business\">Business</a></li><li><a href=\"/sport\">Sport</a></li>"
         "<li><a href=\"/opinion\">Opinion</a></li></ul></nav></header>\n"
         "<div class=\"cookie-banner\"><p>We use cookies to improve your visit.</p>"
         "<button>Accept all</button></div>\n";
}

constexpr const char* kTail =
    "<div class=\"share\"><a href=\"#\">Share</a> <a href=\"#\">Tweet</a> <a href=\"#\">E-mail</a>"
    "</div>\n</article>\n<aside class=\"related\"><h2>Related stories</h2><ul>"
    "<li><a href=\"/a\">What we know so far</a></li><li><a href=\"/b\">Five things to read this "
    "weekend</a></li><li><a href=\"/c\">The week in pictures</a></li></ul></aside>\n"
    "<div class=\"newsletter\"><h3>Sign up for our newsletter</h3><form><input type=\"email\">"
    "<button>Subscribe</button></form></div>\n</main>\n<footer><p>All rights reserved.</p>"
    "<a href=\"/privacy\">Privacy policy</a> <a href=\"/terms\">Terms of use</a></footer>\n"
    "</body>\n</html>\n";

}  // namespace

std::string story_html(const NewsroomStory& story) {
  std::string out;
  for (const std::string& paragraph : story.body) out += "<p>" + escape_xml(paragraph) + "</p>\n";
  return out;
}

std::string story_page(const NewsroomStory& story, const std::string& url) {
  std::string out = head(story, url) + masthead(story);
  out += "<main id=\"main\">\n<article>\n<h1>" + escape_xml(story.title) + "</h1>\n";
  if (!story.author.empty()) {
    out += "<p class=\"byline\">By <a rel=\"author\" href=\"/authors\">" +
           escape_xml(story.author) + "</a></p>\n";
  }
  out += "<time datetime=\"" + iso_date(story.published) + "\">" + iso_date(story.published) +
         "</time>\n<figure><img src=\"/picture.jpg\" alt=\"\"><figcaption>A picture of the scene. "
         "Photo: Agency</figcaption></figure>\n<div class=\"article-body\">\n";
  return out + story_html(story) + "</div>\n" + kTail;
}

}  // namespace nutgraf
