#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace nutgraf::summarizer {

/// Snowball stemmer of a language; the identity for languages that Snowball has none for. English
/// has porter_stem. Not thread-safe; cheap to make.
class Stemmer {
 public:
  explicit Stemmer(std::string_view language);

  /// Stem of a lower-case word; valid until the next call.
  std::string_view stem(std::string_view word);

 private:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Delete> stemmer_;
  const bool english_;
  std::string word_;  // The last stem of English.
};

}  // namespace nutgraf::summarizer
