#pragma once

#include <string_view>

#include "summarizer/word_set.h"

namespace nutgraf::summarizer {

/// What the sentence rules know of a language. Lower case but for `start`.
struct SentenceLists {
  WordSet never;  ///< Titles and the like: a full stop after them never ends a sentence.
  WordSet maybe;  ///< Abbreviations that end one only before a word of `start`.
  WordSet start;  ///< Words that begin sentences and seldom follow an abbreviation inside one.
  bool ordinals = false;  ///< "3. Mai": a full stop after a small number makes an ordinal.
  bool elides = false;    ///< "l'art.": articles are written together with the word.
  char32_t question = 0;  ///< A terminator of this language only (Greek ';', Armenian ':').
};

/// `language`: primary subtag. Languages without a list get empty ones; "und" gets the English.
const SentenceLists& sentence_lists(std::string_view language);

/// Abbreviations that a number follows: "No. 5", "Jan. 3".
const WordSet& numbered_abbreviations();
/// What follows "a.m." inside a sentence: months, days, zones.
const WordSet& time_companions();
/// Verbs of speech, as in: "Why?" Smith asked.
const WordSet& speech_verbs();

}  // namespace nutgraf::summarizer
