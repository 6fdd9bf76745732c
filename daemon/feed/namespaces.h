#pragma once

#include <cstddef>
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
  void leave(std::size_t mark) { bindings_.resize(mark); }

  /// From now on the vocabulary of the root element counts as kCore.
  void set_core(Vocabulary core) { core_ = core; }

  QualifiedName resolve(std::string_view name) const;
  /// As resolve(), but before the core vocabulary is known.
  QualifiedName resolve_root(std::string_view name) const;

 private:
  struct Binding {
    std::string_view prefix;
    Vocabulary vocabulary = Vocabulary::kOther;
  };
  Vocabulary vocabulary_of(std::string_view prefix) const;

  std::vector<Binding> bindings_;
  Vocabulary core_ = Vocabulary::kOther;
};

}  // namespace nutgraf
