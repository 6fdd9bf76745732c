#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pugi {
class xml_node;
}

namespace nutgraf {

/// The vocabularies that news feeds mix.
enum class Vocabulary {
  kCore,  ///< The feed's own: RSS, RDF, Atom or sitemap, whichever the root element is of.
  kAtom,  ///< Atom inside of another format.
  kRss,   ///< RSS inside of another format.
  kRdf,
  kDc,
  kDcTerms,
  kContent,
  kMedia,
  kItunes,
  kGooglePlay,
  kSyndication,
  kNews,
  kXhtml,
  kFeedburner,
  kXml,
  kOther,
};

struct QualifiedName {
  Vocabulary vocabulary = Vocabulary::kOther;
  std::string_view local;  ///< Without prefix, as written.
};

/// What the prefixes in scope stand for. Feeds bind them oddly or not at all, so: a bound prefix
/// means what its URI means (case, scheme, "www." and a last '/' or '#' do not matter); a prefix
/// that is unbound or bound to an unknown URI means what it usually means; an unprefixed name whose
/// namespace is unknown belongs to the feed's own vocabulary.
class Namespaces {
 public:
  /// Reads the declarations of `element` and keeps them in force until leave(mark()).
  void enter(const pugi::xml_node& element);
  std::size_t mark() const { return bindings_.size(); }
  void leave(std::size_t mark) {
    if (mark == bindings_.size()) return;
    generation_ = bindings_[mark].outside;
    bindings_.resize(mark);
  }

  /// From now on the vocabulary of the root element counts as kCore, and so does its prefix if that
  /// is bound to nothing known.
  void set_core(Vocabulary core, std::string_view root_name) {
    core_ = core;
    core_prefix_ = root_name.substr(0, root_name.find(':') + 1);
    generation_ = ++generations_;
  }

  /// While this stays the same, so does what any name resolves to.
  std::uint64_t generation() const { return generation_; }

  QualifiedName resolve(std::string_view name) const;
  /// As resolve(), but before the core vocabulary is known.
  QualifiedName resolve_root(std::string_view name) const;

 private:
  struct Binding {
    std::string_view prefix;
    Vocabulary vocabulary = Vocabulary::kOther;
    std::uint64_t outside = 0;  ///< The generation without it.
  };
  Vocabulary vocabulary_of(std::string_view prefix) const;

  std::vector<Binding> bindings_;
  Vocabulary core_ = Vocabulary::kOther;
  std::string_view core_prefix_;   ///< With its colon; empty if the root has none.
  std::uint64_t generation_ = 0;   ///< In force.
  std::uint64_t generations_ = 0;  ///< How many there were.
};

}  // namespace nutgraf
