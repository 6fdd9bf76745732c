#include "tests/support/house.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/support/feed_states.h"
#include "tests/support/story_maker.h"

namespace nutgraf {

std::string plain_envelope(const Draft& draft, const Stamp& stamp) {
  return draft.topic + " " + draft.op + " " + draft.subject + " " + std::to_string(stamp.seq) +
         " " + draft.payload;
}

FeedSource feed_source(const std::string& id) {
  FeedSource source;
  source.id = id;
  source.url = "http://" + id + ".example/feed";
  source.name = id;
  source.publisher = id + ".example";
  return source;
}

WrittenItem teaser_item(const std::string& feed, std::uint64_t number, const std::string& path) {
  const NewsroomStory story = make_story(number);
  WrittenItem item;
  item.link = "http://" + feed + ".example/" + (path.empty() ? std::to_string(number) : path);
  item.guid = item.link;
  item.title = story.title;
  item.teaser_html = story.teaser_text();
  item.published = 1'795'255'200 - 3600;
  return item;
}

WrittenItem full_item(const std::string& feed, std::uint64_t number, const std::string& path) {
  WrittenItem item = teaser_item(feed, number, path);
  item.full_html = story_html(make_story(number));
  return item;
}

WrittenItem report_on(std::uint64_t number, std::uint64_t words, const std::string& feed) {
  const NewsroomStory event = make_story(number);
  NewsroomStory story = make_story(words);
  story.body.resize(std::min<std::size_t>(story.body.size(), 2));
  for (std::size_t i = event.body.size() / 2; i < event.body.size(); ++i) {
    story.body.push_back(event.body[i]);
  }
  WrittenItem item = full_item(feed, words);
  item.title = "Analysts: " + event.title;
  item.full_html = story_html(story);
  return item;
}

std::string page_of(std::uint64_t number) {
  return story_page(make_story(number), "http://example.org/" + std::to_string(number));
}

HttpResponse response_of(const std::string& url, std::string body, std::string content_type) {
  HttpResponse response;
  response.status = 200;
  response.url = url;
  response.permanent_url = url;
  response.body = std::move(body);
  response.content_type = std::move(content_type);
  return response;
}

QuietPoll quiet_poll(const FeedSource& source, PollOutcome outcome) {
  return {.feed_id = source.id, .configured_url = source.url, .outcome = std::move(outcome)};
}

FeedJob feed_job(const FeedSource& source, const FeedState& state, std::vector<WrittenItem> items) {
  WrittenFeed feed;
  feed.format = "rss";
  feed.title = source.name;
  feed.link = source.url;
  feed.items = std::move(items);
  FeedJob job;
  job.source = source;
  job.state = state;
  job.response = response_of(source.url, write_feed(feed), "application/rss+xml");
  job.response.etag = "\"" + std::to_string(feed.items.size()) + "\"";
  return job;
}

void Sent::publish(std::vector<Publication> messages) {
  const std::lock_guard lock(mutex_);
  for (Publication& message : messages) bodies_.push_back(std::move(message.body));
}

std::vector<std::string> Sent::bodies() const {
  const std::lock_guard lock(mutex_);
  return bodies_;
}

House::House(Ledger& ledger, WorkStore& work, ManualClock& clock, DeskOptions options, Start start,
             const EventOptions& events)
    : work_(work), clock_(clock), mailbox_([this] {
        const std::lock_guard lock(mutex_);
        woken_.notify_all();
      }) {
  desk = std::make_unique<Desk>(
      Desk::Seams{ledger, sent, mailbox_, clock, outcomes, metrics, pulse_, [](Sequence) {}, book},
      std::move(options), DedupOptions{}, events);
  for (const FeedState& state : feed_states(work)) {
    book.put(state);
    states_[state.feed_id] = state;
  }
  EXPECT_TRUE(desk->restore().has_value());
  take_mail();
  if (start == Start::kNow) this->start();
}

void House::start() {
  thread_ = std::jthread([this] { desk->run(); });
}

House::~House() { outcomes.close(); }

void House::push(decltype(Outcome::result) result) {
  outcomes.push({next_id_++, std::move(result)});
}

void House::wait_for_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    take_mail();
    if (finished_ == next_id_ - 1) return;
    woken_.wait_for(lock, std::chrono::milliseconds(50));
  }
}

void House::give(decltype(Outcome::result) result) {
  push(std::move(result));
  wait_for_all();
}

void House::give_quietly(std::vector<QuietPoll> polls) {
  for (QuietPoll& poll : polls) poll.job_id = next_id_++;
  outcomes.push({0, QuietPolls{std::move(polls)}});
  wait_for_all();
}

void House::take_mail() {
  Mail mail = mailbox_.take();
  finished_ += mail.finished.size();
  for (const FeedTime& time : mail.feeds) {
    times[time.feed_id] = time;
    if (auto state = book.remembered(time.feed_id)) states_[time.feed_id] = *std::move(state);
  }
  for (DirtyEvent& event : mail.events) dirty[event.event_id] = event;
}

void House::poll(const FeedSource& source, std::vector<WrittenItem> items) {
  sources_[source.id] = source;
  FeedState& state = states_[source.id];
  state.configured_url = source.url;  // As the fetcher has it from the book.
  give(work({0, feed_job(source, state, std::move(items))}, work_options).result);
}

std::size_t House::work_off() {
  std::size_t done = 0;
  while (true) {
    const auto items =
        work_.claim({.now = clock_.utc() + std::chrono::hours(1), .per_host = 10}).value();
    if (items.empty()) return done;
    for (const PendingItem& pending : items) {
      StoryJob job;
      job.source = sources_.contains(pending.feed_id) ? sources_[pending.feed_id]
                                                      : feed_source(pending.feed_id);
      job.feed_url = job.source.url;
      job.furniture = book.furniture(pending.feed_id);
      job.pending = pending;
      const auto page = pages.find(pending.item.link);
      if (!pending.page_host.empty() && page != pages.end()) {
        job.page = response_of(page->first, page->second, "text/html");
      }
      give(work({0, std::move(job)}, work_options).result);
      ++done;
    }
  }
}

void House::write_events() {
  for (const auto& [id, event] : std::exchange(dirty, {})) {
    EventJob job{id, event.dirty_revision, work_.event_stories(id, 24).value(), event.size,
                 work_.published_event(id).value()};
    give(work({0, std::move(job)}, work_options).result);
  }
}

}  // namespace nutgraf
