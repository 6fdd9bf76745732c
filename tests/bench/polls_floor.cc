// The floor of the polls benchmark: what libcurl alone costs for the same requests, paced alike.
//
//   polls_floor PORT FEEDS HOSTS RATE SECONDS TRANSFERS CONNECTIONS
//
// Asks each feed in turn with the validators it would have, RATE a second (0: as fast as
// TRANSFERS at once go), keeps up to CONNECTIONS idle connections, and prints
// {"polls": …, "cpu_us": …, "seconds": …}. Nothing is parsed, remembered or logged.
//
// With CONNECTIONS = 0 it is tuned to these requests: each connection is closed after its answer
// and no look-up is remembered, so that libcurl never walks through what it keeps of 5,000 hosts.
#include <curl/curl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Plan {
  long port = 0;
  long feeds = 0;
  long hosts = 0;
  double rate = 0;
  double seconds = 0;
  long transfers = 0;
  long connections = 0;
};

/// As tests/bench/polls.py writes them into the configuration.
std::string url_of(long feed, const Plan& plan) {
  const long host = feed % plan.hosts;
  return "http://127." + std::to_string(1 + host / 62500) + "." + std::to_string(host / 250 % 250) +
         "." + std::to_string(1 + host % 250) + ":" + std::to_string(plan.port) + "/f/" +
         std::to_string(feed);
}

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// A handle and its header lines, used again and again.
struct Slot {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
};

void begin(CURLM* multi, Slot& slot, long feed, const Plan& plan) {
  const std::string path = "/f/" + std::to_string(feed);
  curl_slist_free_all(slot.headers);
  slot.headers = nullptr;
  const std::string validator = "If-None-Match: \"" + path + "-0123456789abcdef\"";
  for (const char* line :
       {"Accept: application/rss+xml, application/atom+xml, application/feed+json, "
        "application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, "
        "*/*;q=0.1",
        "Accept-Encoding: gzip, br, zstd", validator.c_str(),
        "If-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT"}) {
    slot.headers = curl_slist_append(slot.headers, line);
  }
  curl_easy_setopt(slot.easy, CURLOPT_URL, url_of(feed, plan).c_str());
  curl_easy_setopt(slot.easy, CURLOPT_HTTPHEADER, slot.headers);
  curl_easy_setopt(slot.easy, CURLOPT_USERAGENT, "nutgraf/0.1 (news reader; unattended)");
  curl_easy_setopt(slot.easy, CURLOPT_WRITEFUNCTION, swallow);
  curl_easy_setopt(slot.easy, CURLOPT_HEADERFUNCTION, swallow);
  curl_easy_setopt(slot.easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(slot.easy, CURLOPT_PROXY, "");
  curl_easy_setopt(slot.easy, CURLOPT_PRIVATE, &slot);
  if (plan.connections == 0) {
    curl_easy_setopt(slot.easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(slot.easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  }
  curl_multi_add_handle(multi, slot.easy);
}

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1e6 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

long poll_all(const Plan& plan) {
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, std::max(1L, plan.connections));
  std::vector<Slot> slots(static_cast<std::size_t>(plan.transfers));
  std::vector<Slot*> free;
  for (Slot& slot : slots) {
    slot.easy = curl_easy_init();
    free.push_back(&slot);
  }
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const auto due = [&](long count) {
    return plan.rate <= 0 || static_cast<double>(count) < elapsed() * plan.rate;
  };
  long started = 0;
  long done = 0;
  for (int running = 0; elapsed() < plan.seconds || running > 0;) {
    while (!free.empty() && elapsed() < plan.seconds && due(started)) {
      // A stride without a common factor: every feed, in an order that mixes the hosts.
      begin(multi, *free.back(), started++ * 7919 % plan.feeds, plan);
      free.pop_back();
    }
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      Slot* slot = nullptr;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      done += status == 304;
      curl_multi_remove_handle(multi, slot->easy);
      free.push_back(slot);
    }
    if (free.empty() || !due(started)) {
      const double wait = free.empty() ? 1 : static_cast<double>(started) / plan.rate - elapsed();
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(1000 * wait) + 1, nullptr);
    }
  }
  for (const Slot& slot : slots) {
    curl_easy_cleanup(slot.easy);
    curl_slist_free_all(slot.headers);
  }
  curl_multi_cleanup(multi);
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("usage: polls_floor PORT FEEDS HOSTS RATE SECONDS TRANSFERS CONNECTIONS\n", stderr);
    return 64;
  }
  const Plan plan{std::atol(argv[1]), std::atol(argv[2]), std::atol(argv[3]), std::atof(argv[4]),
                  std::atof(argv[5]), std::atol(argv[6]), std::atol(argv[7])};
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const auto start = Clock::now();
  const double before = cpu_us();
  const long polls = poll_all(plan);
  std::printf("{\"polls\": %ld, \"cpu_us\": %.0f, \"seconds\": %.3f}\n", polls, cpu_us() - before,
              std::chrono::duration<double>(Clock::now() - start).count());
  curl_global_cleanup();
}
