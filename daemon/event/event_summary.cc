#include "daemon/event/event_summary.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/event/author_voice.h"
#include "daemon/event/conflicts.h"
#include "daemon/event/overlap.h"
#include "daemon/event/support.h"
#include "summarizer/summarizer.h"

namespace nutgraf {
namespace {

using summarizer::Analysis;

/// A report that is read, with what is needed of it.
struct Report {
  const Story* story = nullptr;
  std::size_t source = 0;
  std::size_t credited = 0;  ///< Of Sources: what it prints may differ from what it copies.
  Analysis analysis;
  std::vector<Statement> statements;  ///< Of its sentences.
};

Time time_of(const Story& story) { return story.published_at.value_or(story.first_seen_at); }

/// The stories that speak for the event: reports, or whatever there is.
std::vector<Story> speaking(const std::vector<Story>& members) {
  std::vector<Story> reports;
  for (const Story& story : members) {
    if (story.kind == StoryKind::kReport) reports.push_back(story);
  }
  return reports.empty() ? members : reports;
}

/// Up to `most` indexes, first one of each source, in the given order; then the others.
std::vector<std::size_t> one_a_source_first(const std::vector<std::size_t>& sources,
                                            std::size_t most) {
  std::vector<std::size_t> chosen;
  std::vector<std::size_t> rest;
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    (seen.insert(sources[i]).second ? chosen : rest).push_back(i);
  }
  chosen.insert(chosen.end(), rest.begin(), rest.end());
  chosen.resize(std::min(most, chosen.size()));
  return chosen;
}

std::vector<Report> read(const std::vector<Story>& stories, const Sources& sources,
                         std::size_t most, summarizer::Summarizer& summarizer) {
  std::vector<Report> reports;
  for (const std::size_t i : one_a_source_first(sources.independent, most)) {
    Report report{&stories[i],
                  sources.independent[i],
                  sources.credited[i],
                  summarizer.analyse({stories[i].title, stories[i].text, stories[i].language}),
                  {}};
    for (std::size_t s = 0; s < report.analysis.sentences.size(); ++s) {
      report.statements.push_back(statement_of(report.analysis, s));
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

std::vector<const Analysis*> analyses_of(const std::vector<Report>& reports) {
  std::vector<const Analysis*> analyses;
  analyses.reserve(reports.size());
  for (const Report& report : reports) analyses.push_back(&report.analysis);
  return analyses;
}

bool says(const Report& report, const Statement& claim) {
  return std::any_of(report.statements.begin(), report.statements.end(),
                     [&](const Statement& own) { return supports(own, claim); });
}

/// Nothing that an author says of himself or asks, if there is anything else.
void leave_out_authors(std::vector<Report>& reports) {
  std::size_t left = 0;
  std::vector<summarizer::Sentence*> own;
  for (Report& report : reports) {
    for (std::size_t s = 0; s < report.analysis.sentences.size(); ++s) {
      summarizer::Sentence& sentence = report.analysis.sentences[s];
      if (sentence.bad) continue;
      if (is_in_first_person(report.analysis, s) || asks_the_reader(report.analysis, s)) {
        own.push_back(&sentence);
      } else {
        ++left;
      }
    }
  }
  if (left == 0) return;
  for (summarizer::Sentence* sentence : own) sentence->bad = true;
}

/// A sentence with whose it is, and how many independent sources say it.
EventSentence attributed(const std::vector<Report>& reports, std::size_t document,
                         std::size_t position) {
  const Report& report = reports[document];
  const Statement& claim = report.statements[position];
  std::set<std::size_t> sources = {report.source};
  for (const Report& other : reports) {
    if (!sources.contains(other.source) && says(other, claim)) sources.insert(other.source);
  }
  return {report.analysis.sentences[position].text, report.story->id,
          std::string(publisher_of(*report.story)), report.story->url,
          static_cast<int>(sources.size())};
}

/// The picks in the order of a story that is told: report by report, first the one of the best
/// pick; each in its own order.
std::vector<summarizer::Pick> told(std::vector<summarizer::Pick> picks) {
  std::map<int, int> best;  // By document: the rank of its best pick.
  for (const summarizer::Pick& pick : picks) {
    const auto known = best.try_emplace(pick.document, pick.rank).first;
    known->second = std::min(known->second, pick.rank);
  }
  std::ranges::sort(picks, {}, [&](const summarizer::Pick& pick) {
    return std::tuple(best.at(pick.document), pick.position);
  });
  return picks;
}

std::vector<EventSentence> summary_of(const std::vector<Report>& reports, std::size_t sentences) {
  const std::vector<const Analysis*> documents = analyses_of(reports);
  summarizer::Options options;
  options.budget.sentences = static_cast<int>(sentences);
  const summarizer::Summary summary = reports.size() == 1
                                          ? summarizer::summarize(*documents[0], options)
                                          : summarizer::summarize_cluster(documents, options);
  std::vector<EventSentence> picked;
  picked.reserve(summary.sentences.size());
  for (const summarizer::Pick& pick : told(summary.sentences)) {
    picked.push_back(attributed(reports, static_cast<std::size_t>(pick.document),
                                static_cast<std::size_t>(pick.position)));
  }
  return picked;
}

std::vector<Stems> said_before(const Event& previous, summarizer::Summarizer& summarizer) {
  std::vector<Stems> said;
  for (const auto* list : {&previous.summary, &previous.fresh}) {
    for (const EventSentence& sentence : *list) {
      const Analysis analysis = summarizer.analyse({{}, sentence.text, previous.language});
      said.push_back(stems_of(analysis.words));
    }
  }
  return said;
}

/// Sentences that were said, by their stems: to hold each new one against each of them would be
/// quadratic, and a story may have thousands.
class Said {
 public:
  explicit Said(const std::vector<Stems>& sentences) : shared_(sentences.size()) {
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      sizes_.push_back(sentences[i].size());
      if (sentences[i].size() < kFewest) continue;
      for (const std::uint64_t stem : sentences[i]) postings_.emplace_back(stem, i);
    }
    std::sort(postings_.begin(), postings_.end());
  }

  /// Whether one of them shares half the stems of the shorter of both.
  bool holds(const Stems& stems) {
    std::vector<std::uint32_t> seen;
    bool held = false;
    for (auto stem = stems.begin(); stem != stems.end() && !held; ++stem) {
      auto at = std::lower_bound(postings_.begin(), postings_.end(), Posting(*stem, 0));
      for (; at != postings_.end() && at->first == *stem && !held; ++at) {
        const std::uint32_t sentence = at->second;
        if (shared_[sentence]++ == 0) seen.push_back(sentence);
        held = 2 * shared_[sentence] >= std::min(sizes_[sentence], stems.size());
      }
    }
    for (const std::uint32_t sentence : seen) shared_[sentence] = 0;
    return held;
  }

 private:
  using Posting = std::pair<std::uint64_t, std::uint32_t>;
  static constexpr std::size_t kFewest = 3;  ///< Stems of a sentence that says something.

  std::vector<Posting> postings_;  ///< Stem, number of the sentence; sorted.
  std::vector<std::size_t> sizes_;
  std::vector<std::size_t> shared_;  ///< Stems with the one that is asked for; zeros in between.
};

/// The best sentences of stories that `previous` did not have, which neither it nor a story that it
/// had says. The best kMostTried of them are looked at: behind as many that were said before, in
/// texts made so, none is worth the time.
std::vector<EventSentence> fresh_of(const std::vector<Report>& reports, const Event& previous,
                                    std::size_t most, summarizer::Summarizer& summarizer) {
  constexpr std::size_t kFewestStems = 5;
  constexpr std::size_t kMostTried = 2000;
  std::set<std::string_view> known;
  for (const EventStory& story : previous.stories) known.insert(story.id);
  std::vector<Stems> said = said_before(previous, summarizer);
  for (const Report& report : reports) {
    if (!known.contains(report.story->id)) continue;
    for (const Statement& statement : report.statements) said.push_back(statement.stems);
  }
  struct Found {
    double score;
    std::size_t document;
    std::size_t position;
  };
  std::vector<Found> found;
  for (std::size_t d = 0; d < reports.size(); ++d) {
    if (known.contains(reports[d].story->id)) continue;
    const std::vector<summarizer::Score> scores = summarizer::score_sentences(reports[d].analysis);
    for (std::size_t s = 0; s < reports[d].statements.size(); ++s) {
      const summarizer::Sentence& sentence = reports[d].analysis.sentences[s];
      const bool says_little = reports[d].statements[s].stems.size() < kFewestStems;
      if (sentence.bad || sentence.leaning || says_little) continue;
      found.push_back({scores[s].score, d, s});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.score > b.score; });
  found.resize(std::min(kMostTried, found.size()));
  std::vector<EventSentence> fresh;
  if (found.empty()) return fresh;
  Said before(said);
  std::vector<Stems> now;
  for (const Found& f : found) {
    if (fresh.size() >= most) break;
    const Stems& stems = reports[f.document].statements[f.position].stems;
    const bool told =
        std::ranges::any_of(now, [&](const Stems& other) { return overlap(other, stems) >= 0.5; });
    if (told || before.holds(stems)) continue;
    fresh.push_back(attributed(reports, f.document, f.position));
    now.push_back(stems);
  }
  return fresh;
}

/// The report whose title and opening the others have most in common with; the earlier of equals.
const Story& representative(const std::vector<Report>& reports) {
  constexpr std::size_t kOpening = 3;
  std::vector<Stems> openings;
  for (const Report& report : reports) {
    Stems stems = stems_of(report.analysis.title_words);
    for (std::size_t s = 0; s < std::min(kOpening, report.statements.size()); ++s) {
      const Stems& more = report.statements[s].stems;
      stems.insert(stems.end(), more.begin(), more.end());
    }
    std::sort(stems.begin(), stems.end());
    stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
    openings.push_back(std::move(stems));
  }
  std::size_t best = 0;
  double most = -1;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].story->title.empty()) continue;
    double sum = 0;
    for (std::size_t j = 0; j < reports.size(); ++j) {
      if (reports[j].source != reports[i].source) sum += overlap(openings[i], openings[j]);
    }
    if (sum > most) {
      most = sum;
      best = i;
    }
  }
  return *reports[best].story;
}

/// Words that lead in most reports, but for names of those who publish them: "told POLITICO".
std::vector<std::string> keywords_of(const std::vector<Report>& reports, std::size_t most) {
  const std::vector<const Analysis*> documents = analyses_of(reports);
  std::vector<std::string> words =
      summarizer::cluster_keywords(documents, static_cast<int>(most + reports.size()));
  std::erase_if(words, [&](const std::string& word) {
    return std::ranges::any_of(reports, [&](const Report& report) {
      return equals_ignoring_case(word, publisher_of(*report.story));
    });
  });
  words.resize(std::min(most, words.size()));
  return words;
}

/// The commonest of a field's values; of equals the first.
template <typename Field>
std::string commonest(const std::vector<Story>& stories, Field field) {
  std::map<std::string, int> counts;
  std::string best;
  int most = 0;
  for (const Story& story : stories) ++counts[field(story)];
  for (const Story& story : stories) {
    if (counts[field(story)] > most) {
      most = counts[field(story)];
      best = field(story);
    }
  }
  return best;
}

int publishers(const std::vector<Story>& stories) {
  std::set<std::string> names;
  for (const Story& story : stories) {
    names.insert(std::string(publisher_of(story)));
    names.insert(story.duplicate_sources.begin(), story.duplicate_sources.end());
  }
  return static_cast<int>(names.size());
}

std::vector<Conflict> conflicts_of(const std::vector<Report>& reports, std::size_t most) {
  std::vector<Testimony> testimonies;
  for (const Report& report : reports) {
    if (report.story->kind != StoryKind::kReport) continue;
    testimonies.push_back({&report.analysis, publisher_of(*report.story), report.credited,
                           time_of(*report.story), report.story->url});
  }
  return find_conflicts(testimonies, most);
}

void set_members(const std::vector<Story>& members, const std::optional<Event>& previous,
                 Event& event) {
  std::set<std::string_view> known;
  if (previous) {
    for (const EventStory& story : previous->stories) known.insert(story.id);
  }
  event.size = static_cast<int>(members.size());
  event.first_seen_at = previous ? previous->first_seen_at : members.front().first_seen_at;
  for (const Story& story : members) {
    event.first_seen_at = std::min(event.first_seen_at, story.first_seen_at);
    event.updated_at = std::max(event.updated_at, story.first_seen_at);
    if (!known.contains(story.id)) event.added.push_back(story.id);
  }
  const std::size_t added = event.added.size();
  if (!previous) {
    event.changed_because = "opened";
  } else if (added > 0) {
    event.changed_because =
        std::to_string(added) + (added == 1 ? " story joined" : " stories joined");
  } else {
    event.changed_because = "a story changed";
  }
}

}  // namespace

Event summarize_event(const std::vector<Story>& members, const std::optional<Event>& previous,
                      const EventSummaryOptions& options) {
  summarizer::Summarizer summarizer;
  return summarize_event(members, previous, options, summarizer);
}

Event summarize_event(const std::vector<Story>& members, const std::optional<Event>& previous,
                      const EventSummaryOptions& options, summarizer::Summarizer& summarizer) {
  Event event;
  if (previous) {
    event.id = previous->id;
    event.revision = previous->revision;
    event.category = previous->category;
  }
  ++event.revision;
  if (members.empty()) return event;
  const std::vector<Story> stories = speaking(members);
  const Sources sources = sources_of(stories);
  std::vector<Report> reports = read(stories, sources, options.members, summarizer);
  if (reports.size() > 1) leave_out_authors(reports);

  set_members(members, previous, event);
  event.language = commonest(stories, [](const Story& s) { return s.language; });
  if (!previous) event.category = commonest(stories, [](const Story& s) { return s.category; });
  event.title = representative(reports).title;
  event.sources = publishers(stories);
  event.independent = static_cast<int>(sources.count);
  for (const std::size_t i : one_a_source_first(sources.independent, options.stories)) {
    const Story& story = stories[i];
    event.stories.push_back(
        {story.id, story.title, story.url, std::string(publisher_of(story)), story.published_at});
  }
  event.summary = summary_of(reports, options.sentences);
  for (const EventSentence& sentence : event.summary) {
    if (!event.summary_text.empty()) event.summary_text += ' ';
    event.summary_text += sentence.text;
  }
  if (previous) event.fresh = fresh_of(reports, *previous, options.fresh, summarizer);
  event.conflicts = conflicts_of(reports, options.conflicts);
  event.keywords = keywords_of(reports, options.keywords);
  return event;
}

}  // namespace nutgraf
