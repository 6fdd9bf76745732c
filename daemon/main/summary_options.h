#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::tool {

/// What `summarize` and `explain` are asked for.
struct SummaryOptions {
  summarizer::Options options;
  std::string language;  ///< "": detected.
  std::vector<std::string> inputs;
};

/// Adds FILE…, --language, --method, --query, --sentences and --words to a subcommand;
/// `target` must outlive the parse.
void add_summary_options(CLI::App& command, SummaryOptions& target);

/// Throws CLI::ValidationError for what would be without effect. To be called by the command
/// itself: the options may come in any order.
void check_summary_options(const SummaryOptions& given);

}  // namespace nutgraf::tool
