#include "tests/manners/judge.h"

#include <algorithm>
#include <optional>
#include <set>

#include "daemon/base/ascii.h"
#include "daemon/base/url.h"
#include "daemon/fetch/conditional_get.h"

namespace nutgraf {

using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr hours kLongestRetryAfter{24};
constexpr hours kGone{30 * 24};
constexpr hours kRobots{24};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// In our servers' words only: seconds, or an HTTP-date.
seconds retry_after(const Exchange& e) {
  const auto value = header_of(e.answer, "Retry-After");
  const auto asked = value ? parse_retry_after(*value, e.at) : std::nullopt;
  return std::min<seconds>(asked.value_or(seconds(0)), kLongestRetryAfter);
}

/// For how long the answer is fresh [RFC 9111, section 4.2].
seconds freshness(const Exchange& e) {
  seconds fresh{0};
  if (const auto control = header_of(e.answer, "Cache-Control")) {
    fresh = parse_max_age(*control).value_or(seconds(0));
    fresh -= seconds(std::stol(header_of(e.answer, "Age").value_or("0")));
  } else if (const auto expires = header_of(e.answer, "Expires")) {
    const auto date = parse_http_date(*expires);
    if (date) fresh = std::chrono::floor<seconds>(*date - e.at);
  }
  return std::clamp<seconds>(fresh, seconds(0), hours(24));
}

struct Feed {
  std::optional<Time> last;        // Poll.
  std::optional<Time> last_whole;  // Poll without validators.
  Time not_before{};               // By what the last answer said.
  Asks asks;
  std::string etag;
  std::string last_modified;
  std::set<std::string> outdated;
  int errors = 0;
  std::optional<Time> gone;
  std::string home;      // The URL it was first asked at.
  std::string chain_at;  // Where the last answer sends the client; empty: nowhere.
  std::string target;    // Where the home's redirect leads.
  bool permanent = false;
  int redirects = 0;
  Time redirected_since{};
};

struct Host {
  std::optional<Time> last;
  Time quiet_until{};
  std::optional<Time> robots;  // Last answer that holds for a day.
};

class Judge {
 public:
  Judge(const Manners& manners, Time end) : manners_(manners), end_(end) {}

  std::vector<Mark> run(const std::vector<Exchange>& log) {
    for (const Exchange& e : log) look_at(e);
    for (const auto& [name, feed] : feeds_) {
      if (feed.last && !feed.gone) check_forgotten(name, feed, end_);
    }
    return std::move(marks_);
  }

 private:
  void mark(const Exchange& e, std::string what) {
    marks_.push_back({e.feed, std::move(what), e.at});
  }

  void look_at(const Exchange& e) {
    check_form(e);
    Feed& feed = feeds_[e.feed];
    const std::string url = "http://" + e.host + e.target;
    const bool hop = !feed.chain_at.empty() && feed.chain_at == url && feed.last == e.at;
    check_host(e, hop);
    if (e.kind == Exchange::Kind::kFeed) {
      if (!hop) {
        check_pace(e, feed);
        check_address(e, feed, url);
      }
      check_sequence(e, feed, hop);
      learn(e, feed, url);
    } else if (e.kind == Exchange::Kind::kPage) {
      check_page(e, url);
    } else if (e.kind == Exchange::Kind::kRobots) {
      check_robots(e);
    }
    Host& host = hosts_[e.host];
    host.last = e.at;
    if (e.status == 429 || e.status == 503) {
      host.quiet_until = std::max<Time>(host.quiet_until, e.at + retry_after(e));
    }
  }

  // ---- form

  void check_form(const Exchange& e) {
    if (e.method != "GET") mark(e, "method " + e.method);
    if (e.kind == Exchange::Kind::kUnknown) mark(e, "asked for what nobody named");
    if (e.target.find('?') != std::string::npos) mark(e, "query added");
    for (const char* name : {"Cookie", "Referer", "Authorization", "From"}) {
      if (header_of(e.headers, name)) mark(e, std::string("sends ") + name);
    }
    const std::string agent = header_of(e.headers, "User-Agent").value_or("");
    if (agent.empty()) mark(e, "no User-Agent");
    if (agent_.empty()) agent_ = agent;
    if (agent != agent_) mark(e, "another User-Agent");
    const std::string codings = header_of(e.headers, "Accept-Encoding").value_or("");
    if (codings.find("gzip") == std::string::npos) mark(e, "gzip not accepted");
  }

  // ---- host

  void check_host(const Exchange& e, bool hop) {
    const Host& host = hosts_[e.host];
    if (e.at < host.quiet_until) mark(e, "host asked within its Retry-After");
    if (host.last && !hop && e.at - *host.last < manners_.spacing) mark(e, "host asked in a burst");
  }

  // ---- feeds

  void check_pace(const Exchange& e, const Feed& feed) {
    if (feed.gone && e.at - *feed.gone < kGone) mark(e, "asked after 410");
    const auto day = std::chrono::floor<std::chrono::days>(e.at);
    const auto hour = std::chrono::floor<hours>(e.at - day).count();
    if ((feed.asks.skip_hours >> hour & 1) != 0) mark(e, "in an hour to be skipped");
    if ((feed.asks.skip_days >> std::chrono::weekday(day).c_encoding() & 1) != 0) {
      mark(e, "on a day to be skipped");
    }
    if (!feed.last) return;
    if (e.at < feed.not_before) mark(e, "sooner than the server asks");
    const seconds patience(static_cast<std::int64_t>(
        static_cast<double>(manners_.min_interval.count()) * std::max(1.0, 0.5 * feed.errors)));
    if (e.at - *feed.last < std::min<seconds>(patience, hours(23))) {
      mark(e, feed.errors > 2 ? "does not back off from errors" : "sooner than the least interval");
    }
    if (!feed.gone) check_forgotten(e.feed, feed, e.at);
  }

  void check_forgotten(const std::string& name, const Feed& feed, Time now) {
    const hours skipped = feed.asks.skip_days != 0 ? hours(48) : hours(0);
    if (now - *feed.last > manners_.longest + skipped) marks_.push_back({name, "forgotten", now});
  }

  void check_address(const Exchange& e, const Feed& feed, const std::string& url) {
    if (feed.home.empty() || feed.target.empty()) return;
    if (url == feed.home) {
      if (feed.permanent && e.at - feed.redirected_since > manners_.learn) {
        mark(e, "permanent redirect never believed");
      }
      return;
    }
    if (!feed.permanent) {
      mark(e, "temporary redirect taken for permanent");
    } else if (feed.redirects < manners_.trust_after ||
               e.at - feed.redirected_since < manners_.trust) {
      mark(e, "permanent redirect believed too soon");
    }
  }

  void check_sequence(const Exchange& e, Feed& feed, bool hop) {
    const auto etag = header_of(e.headers, "If-None-Match");
    const auto date = header_of(e.headers, "If-Modified-Since");
    check_validator(e, feed, etag, feed.etag, "If-None-Match");
    check_validator(e, feed, date, feed.last_modified, "If-Modified-Since");
    const bool had = !feed.etag.empty() || !feed.last_modified.empty();
    if (etag || date) {
      if (!etag && !feed.etag.empty()) mark(e, "If-None-Match left out");
      if (!date && !feed.last_modified.empty()) mark(e, "If-Modified-Since left out");
    } else if (!hop) {
      if (had && feed.last_whole && e.at - *feed.last_whole < manners_.refresh) {
        mark(e, "validators left out too often");
      }
      feed.last_whole = e.at;
    }
  }

  void check_validator(const Exchange& e, const Feed& feed, const std::optional<std::string>& sent,
                       const std::string& known, const std::string& name) {
    if (!sent || *sent == known) return;
    mark(e, name + (feed.outdated.contains(*sent) ? " outdated" : " made up"));
  }

  void learn(const Exchange& e, Feed& feed, const std::string& url) {
    feed.last = e.at;
    feed.chain_at.clear();
    if (feed.home.empty()) feed.home = url;
    if (is_redirect(e.status)) {
      feed.chain_at = resolve_url(url, header_of(e.answer, "Location").value_or(""));
      if (url == feed.home) learn_redirect(e, feed);
      return;
    }
    feed.not_before =
        std::max<Time>(e.at + std::max(freshness(e), feed.asks.interval), e.at + retry_after(e));
    feed.gone = e.status == 410 ? std::optional(e.at) : std::nullopt;
    feed.errors = e.status >= 400 ? feed.errors + 1 : 0;
    if (e.status == 200) {
      feed.asks = e.asks;
      feed.not_before = std::max<Time>(feed.not_before, e.at + e.asks.interval);
    }
    if (e.torn || (e.status != 200 && e.status != 304)) return;
    replace(feed, feed.etag, header_of(e.answer, "ETag"), e.status);
    replace(feed, feed.last_modified, header_of(e.answer, "Last-Modified"), e.status);
  }

  static void learn_redirect(const Exchange& e, Feed& feed) {
    const bool permanent = e.status == 301 || e.status == 308;
    if (feed.target != feed.chain_at || feed.permanent != permanent) {
      feed.target = feed.chain_at;
      feed.permanent = permanent;
      feed.redirects = 0;
      feed.redirected_since = e.at;
    }
    ++feed.redirects;
  }

  /// A document without a validator has none; a 304 without one repeats the old one.
  static void replace(Feed& feed, std::string& known, const std::optional<std::string>& given,
                      int status) {
    if (status == 304 && !given) return;
    if (known == given.value_or("")) return;
    if (!known.empty()) feed.outdated.insert(known);
    known = given.value_or("");
    feed.outdated.erase(known);
  }

  // ---- pages

  void check_page(const Exchange& e, const std::string& url) {
    const Host& host = hosts_[e.host];
    if (!host.robots) mark(e, "page before robots.txt");
    if (const auto found = manners_.disallowed.find(e.host); found != manners_.disallowed.end()) {
      for (const std::string& prefix : found->second) {
        if (e.target.starts_with(prefix)) mark(e, "page against robots.txt");
      }
    }
    if (!pages_.insert(url).second) mark(e, "page fetched twice");
    if (e.status != 200) pages_.erase(url);
  }

  void check_robots(const Exchange& e) {
    Host& host = hosts_[e.host];
    if (host.robots && e.at - *host.robots < kRobots) mark(e, "robots.txt more than once a day");
    if (e.status < 500) host.robots = e.at;
  }

  const Manners& manners_;
  const Time end_;
  std::string agent_;
  std::map<std::string, Feed> feeds_;
  std::map<std::string, Host> hosts_;
  std::set<std::string> pages_;  // That were had.
  std::vector<Mark> marks_;
};

struct Line {
  int polls = 0;
  int whole = 0;
  int not_modified = 0;
  int redirects = 0;
  int errors = 0;
  int pages = 0;
  int marks = 0;
  std::optional<Time> last;
  seconds shortest{0};
  seconds longest{0};

  void count(const Exchange& e) {
    if (e.kind != Exchange::Kind::kFeed) {
      ++pages;
      return;
    }
    redirects += is_redirect(e.status);
    whole += e.status == 200;
    not_modified += e.status == 304;
    errors += e.status >= 400;
    if (last == e.at) return;  // A hop.
    ++polls;
    if (last) {
      const auto gap = std::chrono::floor<seconds>(e.at - *last);
      shortest = shortest == seconds(0) ? gap : std::min(shortest, gap);
      longest = std::max(longest, gap);
    }
    last = e.at;
  }
};

std::string column(const std::string& text, std::size_t width, bool right = true) {
  const std::string blanks(width - std::min(width, text.size()), ' ');
  return right ? blanks + text : text + blanks;
}

}  // namespace

std::optional<std::string> header_of(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<Mark> judge(const std::vector<Exchange>& log, const Manners& manners, Time end) {
  return Judge(manners, end).run(log);
}

std::string score_sheet(const std::vector<Exchange>& log, const std::vector<Mark>& marks) {
  std::map<std::string, Line> lines;
  for (const Exchange& e : log) lines[e.feed].count(e);
  for (const Mark& mark : marks) ++lines[mark.feed].marks;
  std::string out = column("feed", 16, false);
  for (const char* head :
       {"polls", "200", "304", "3xx", "errors", "pages", "least s", "most s", "marks"}) {
    out += column(head, 9);
  }
  out += '\n';
  for (const auto& [name, line] : lines) {
    out += column(name, 16, false);
    for (const std::int64_t number : std::initializer_list<std::int64_t>{
             line.polls, line.whole, line.not_modified, line.redirects, line.errors, line.pages,
             line.shortest.count(), line.longest.count(), line.marks}) {
      out += column(std::to_string(number), 9);
    }
    out += '\n';
  }
  for (const Mark& mark : marks) {
    out += "  " + format_rfc3339(mark.at) + ' ' + mark.feed + ": " + mark.what + '\n';
  }
  return out;
}

}  // namespace nutgraf
