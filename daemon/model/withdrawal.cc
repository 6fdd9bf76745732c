#include "daemon/model/withdrawal.h"

#include <algorithm>
#include <utility>

namespace nutgraf {
namespace {

/// What summary_text is made of: sentences with a blank between.
std::string joined(const std::vector<EventSentence>& sentences) {
  std::string text;
  for (const EventSentence& sentence : sentences) {
    text += (text.empty() ? "" : " ") + sentence.text;
  }
  return text;
}

}  // namespace

Story without_text(Story story) {
  story.authors.clear();
  story.image.clear();
  story.word_count = 0;
  story.summary = {};
  story.keywords.clear();
  story.entities.clear();
  story.changes.clear();
  story.text.clear();
  return story;
}

Story without_words(Story story) {
  story = without_text(std::move(story));
  story.title.clear();
  story.tags.clear();
  return story;
}

Event without_story(Event event, std::string_view story_id, std::span<const std::string> titles) {
  const auto is_it = [&](const EventStory& other) { return other.id == story_id; };
  const bool its_title = std::ranges::find(titles, event.title) != titles.end() ||
                         std::ranges::any_of(event.stories, [&](const EventStory& other) {
                           return is_it(other) && other.title == event.title;
                         });
  std::erase_if(event.stories, is_it);
  if (its_title) event.title = event.stories.empty() ? std::string() : event.stories.front().title;
  const auto says = [&](const EventSentence& sentence) { return sentence.story_id == story_id; };
  std::erase_if(event.summary, says);
  std::erase_if(event.fresh, says);
  event.summary_text = joined(event.summary);
  event.conflicts.clear();
  event.keywords.clear();
  return event;
}

}  // namespace nutgraf
