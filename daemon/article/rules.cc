#include "daemon/article/rules.h"

#include <array>

namespace nutgraf {
namespace {

struct Words {
  std::string_view name;
  std::string_view reason;
};

constexpr std::array<Words, static_cast<std::size_t>(ArticleRule::kCount)> kWords = {{
    {"none", "kept: part of the article"},
    {"title-site", "the site's name at either end of a title goes"},
    {"title-dense-tail", "a site's name behind '-' or '_' in scripts without blanks goes"},
    {"title-last-part", "a short last part of a title goes"},
    {"title-front-page", "a heading that links to the front page is the site's name"},
    {"title-kicker", "a first piece of the heading named as a kicker goes"},
    {"title-partial-heading", "a heading but for one piece equals a declared title"},
    {"title-confirmed-heading", "a declared title contains the heading"},
    {"title-overlap", "the heading shares most words with a declared title"},
    {"title-subheading", "a smaller heading equals a declared title"},
    {"title-only-heading", "the page has one heading that can be a headline"},
    {"short-page", "pages with little text are judged with a lower limit"},
    {"chrome", "navigation, footer, buttons, forms"},
    {"aside", "an aside element"},
    {"figure", "a figure or its caption"},
    {"hidden", "hidden from readers"},
    {"role", "its ARIA role is furniture"},
    {"microdata", "microdata of an author or a caption"},
    {"class-name", "its class or id names furniture"},
    {"linky-name", "named as related or sidebar, and made of links"},
    {"comments", "readers' comments"},
    {"forum", "comments stay where they are the story"},
    {"heading-anchor", "an id that spells a heading names nothing"},
    {"linkless-teaser", "a teaser without a link is this story's lead"},
    {"node-guard", "no element goes with a third of the text"},
    {"rule-guard", "no name goes that would take half of the text"},
    {"container", "outside the element that holds the article"},
    {"own-text", "an element with paragraphs of its own holds the article"},
    {"semantic", "an element that calls itself the article is believed"},
    {"second-descent", "within it, the element with nearly all the text"},
    {"twins", "an article that is split over elements of one name"},
    {"link-list", "a list or box of links"},
    {"above-headline", "above the headline"},
    {"lead", "the lead between headline and article"},
    {"tail", "behind the heading of a tail"},
    {"junk", "a line of furniture by its words"},
    {"byline", "the author's name or biography"},
    {"repeat", "a paragraph that was there before"},
    {"headline", "the headline itself"},
    {"prompt", "a last request to subscribe or follow"},
    {"trailing-heading", "a last heading without a text"},
    {"declared-body", "the page's data hold a longer text than the page"},
    {"page-drop", "dropped by page_drop"},
    {"page-select", "selected by page_select"},
    {"unselected", "not selected by page_select"},
}};

Words words_of(ArticleRule rule) {
  const auto at = static_cast<std::size_t>(rule);
  return at < kWords.size() ? kWords[at] : Words{};
}

}  // namespace

std::string_view to_string(ArticleRule rule) { return words_of(rule).name; }

std::string_view reason_of(ArticleRule rule) { return words_of(rule).reason; }

}  // namespace nutgraf
