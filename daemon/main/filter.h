#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/main/exit_code.h"

namespace CLI {
class App;
}

namespace nutgraf::tool {

struct FilterOptions {
  std::string name;                 ///< Of the subcommand, for messages: "extract".
  std::vector<std::string> inputs;  ///< Files of JSON lines; empty or "-": stdin.
  int jobs = 0;  ///< Threads; 0: as many as there are cores. 1 for stages that have state.
};

/// One input object to one output object. Called from several threads at once if jobs != 1. A
/// std::exception that leaves it becomes {"error": what()}.
using LineFunction = std::function<nlohmann::json(const nlohmann::json&)>;
/// Makes a function for each thread, where it remembers something from line to line. Called before
/// any of them.
using LineFunctions = std::function<LineFunction()>;

/// Maps JSON lines on the inputs to JSON lines on stdout, in order, one for one (blank lines are
/// skipped). A line that is too long, cannot be parsed or mapped yields {"error": "…"} with the
/// "id" it had, and the run goes on. Memory is bounded by a window of 64 lines a thread. Shows
/// progress on stderr if that is a terminal. Ends quietly when stdout is closed (`| head`).
/// @return kOk, kSomeFailed if a line failed, kNoInput if a file cannot be read (named on stderr).
int run_jsonl(const FilterOptions& options, const LineFunction& function);
int run_jsonl_each(const FilterOptions& options, const LineFunctions& functions);

/// Adds --jobs, of a filter that may run on several threads.
void add_jobs_option(CLI::App& command, int& jobs);

/// The whole of a file, or stdin for "-", of at most 64 MiB, as a line may have. The message of an
/// error names it.
Result<std::string> read_input(const std::string& path);

/// The same; prints what is wrong and returns false if it cannot be read.
bool read_input(const std::string& path, std::string* content);

/// The same of a plain text, as UTF-8 without a byte order mark and without NUL. What is no UTF-8
/// anywhere is windows-1252, and what is so in places has U+FFFD there.
bool read_text(const std::string& path, std::string* text);

/// String member `key` of `object`, or "" if it is absent or null; throws std::runtime_error if it
/// is another type.
std::string text_field(const nlohmann::json& object, const char* key);

/// Member "id" of `object` as text, "" if it is absent or null; a number is told apart from the
/// text of its digits. Throws std::runtime_error if it is something else. given_id() is the id as
/// it was given.
std::string id_field(const nlohmann::json& object);
nlohmann::json given_id(const std::string& id);

}  // namespace nutgraf::tool
