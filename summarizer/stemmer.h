#pragma once

#include <memory>
#include <string_view>

struct sb_stemmer;

namespace nutgraf::summarizer {

/// Snowball stemmer of a language; the identity for languages that Snowball has none for. English
/// is Porter's first one, which the background is made with. Not thread-safe; cheap to make.
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
};

}  // namespace nutgraf::summarizer
