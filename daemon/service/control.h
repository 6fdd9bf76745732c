#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "daemon/base/result.h"

namespace nutgraf {

// The control socket: a unix stream on which one line asks and one line answers, both JSON objects.
// Whoever may write to the socket (mode 0660) may ask; several requests on a connection are fine.
//
// Each request, and what its answer has besides "ok": true:
//
//   {"cmd":"status"}
//     {"version","pid","started_at","uptime_s","epoch","head","floor",
//      "feeds":{"total","ok","unwell","paused"},"pending","quarantined","in_flight",
//      "live":["tcp://…"],"sync":["tcp://…"],"log_level","memory_bytes","problems":["…"]}
//   {"cmd":"waiting"}
//     {"hosts":[{"host","pages"}]}: pages of stories to come, the most first, 20 at most
//   {"cmd":"feeds"}
//     {"feeds":[{"id","name","url","state","since","reason","last_poll","last_status",
//      "last_error","next_poll","next_reason","items","items_per_day","polls","not_modified",
//      "failures","paused","quarantined","asks":{"ttl","update_every","max_age","retry_after",
//      "skip_hours","skip_days"}}],"total",
//      "quarantined":[{"feed","title","link","error","attempts"}]}: the unwell first, 10,000 at
//      most
//   {"cmd":"feeds","feeds":["id",…]}
//     likewise, these only, each with "title","publisher","category","configured_url","etag",
//     "last_modified","first_poll","last_success","last_new_item","interval_s","moving","usual",
//     "furniture":{"version","lines":[{"text","since"}]}
//   {"cmd":"pause","feeds":["id",…]}, likewise "resume", "poll-now" and "reset"
//     {"changed":["id",…],"feeds":[{"id","name","url","paused"}]}; [] names all feeds. "feeds": as
//     they were before, 10,000 at most. reset forgets validators and back-off, not the items
//   {"cmd":"reload"}
//     {"feeds","added","removed","changed","need_restart":["…"]}: once the new settings are in
//     force
//   {"cmd":"log-level"} or with "level":"debug"
//     {"level"}: in force
//   {"cmd":"why","what":"URL, GUID or id"}
//     {"trail":[{"at","feed","item","what","reason","story"}],"message":{the latest envelope}}; of
//     what "event" also "event":{"how":"opened", "joined" or "moved","id","similarity",
//     "threshold","nearest","absorbed":["id",…],"from","because_of"}
//   {"cmd":"retract","id":"…","purge_text":false,"reason":"…"}
//     {"id","seq","already","purged"}: seq of the message that withdraws it, absent if that has
//     left the log; already: it was withdrawn before
//
// A refusal is {"ok":false,"error":"…","code":"bad_config"} with a code of base/result.h. Times are
// RFC 3339, absent is absent.

/// Answers on the control socket, on a thread of its own.
///
/// Bounded: 16 connections, 64 KiB a request line, 30 s without progress, and one second where
/// another waits for the place. The requests are handled one after another, so a long one (reload)
/// lets the others wait.
class ControlServer {
 public:
  /// One request line without its newline to one answer line without newline. Called on the
  /// server's thread. Must not throw.
  using Handler = std::function<std::string(const std::string& request)>;

  /// Serves until destroyed, then removes the socket. A socket that a dead process left is
  /// replaced; one that answers is kTransient: another daemon runs.
  static Result<std::unique_ptr<ControlServer>> open(const std::string& path, Handler handler);

  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();

 private:
  class Loop;
  explicit ControlServer(std::unique_ptr<Loop> loop);
  const std::unique_ptr<Loop> loop_;
};

/// Asks the daemon: sends `line`, returns the answer without its newline. kGone: nobody listens
/// there; kRefused: no permission; kTransient: no answer within `timeout`; kTooLarge: above 64 MiB.
Result<std::string> control_request(const std::string& path, const std::string& line,
                                    std::chrono::milliseconds timeout);

}  // namespace nutgraf
