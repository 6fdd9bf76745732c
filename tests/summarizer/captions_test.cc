#include "summarizer/captions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

bool is_caption_text(std::string_view sentence, std::string_view language = "en") {
  std::vector<Word> words;
  const std::u32string text = decode(sentence);
  Lexicon lexicon(language);
  Tokenizer(language, lexicon).append(text, words);
  return is_caption(sentence, words, shape_of(text), language);
}

TEST(Caption, HasALabel) {
  for (const char* s :
       {"Wreckage: Ann Lee dragged her neighbour from the car.",
        "'Cleared': Bob Moss has been found not guilty.", "Mother-of-six: Ann Lee saved a life.",
        "Royal duties: The Queen says farewell to the president.", "See more: The faces of May.",
        "June 1996: A bomb explodes in a shopping centre.", "Departure: 10 a.m. from Hull.",
        "Time to say goodbye: A dog looks on.", "Lee: No, that has not been shown."}) {
    EXPECT_TRUE(is_caption_text(s)) << s;
  }
}

TEST(Caption, IsNotEveryColon) {
  for (const char* s :
       {"The result: A record loss for the mill.", "One thing is certain: He was there.",
        "Ann Lee said: Go home now.", "Moss added: \"The mill is gone.\"",
        "Lee agrees: 'It was loud.'", "Police found three things: a knife, a rope and a map.",
        "At 10:15 the mill burned down.", "He had one message for the voters of the town: Go home.",
        "Experts who looked at the ruin of the old mill all say so: Nobody was there.", ": A",
        ""}) {
    EXPECT_FALSE(is_caption_text(s)) << s;
  }
}

TEST(Caption, SaysWhereSomebodyIs) {
  for (const char* s :
       {"Ann Lee (left) celebrates with Bob Moss (right) in Hull.", "Moss (above) was hurt.",
        "The mill (pictured left) burned down.", "The mayor (second from right) came at once.",
        "Ann Lee (left, in blue) came at once.", "Bob (above with Ann Lee) left in March.",
        "Rush Moss, 61, left, called her a liar.", "Bob Moss is caught by Ann Lee, left.",
        "The mill is pictured here in 1985.", "Ann Lee, pictured right, was not hurt."}) {
    EXPECT_TRUE(is_caption_text(s)) << s;
  }
}

TEST(Caption, IsNotEveryLeftAndRight) {
  for (const char* s :
       {"He left (the mill was on fire) at once.", "The party (left of the centre) won.",
        "The right (as Moss calls it) lost.", "She turned left, and the car went on.",
        "It was, right, the end of it.", "Moss was seen here in May.",
        "The club (right-wing voters say) must close.", "He was often pictured at the mill.",
        "Ann Lee, 61, left the mill.", "Right, left", "left", ""}) {
    EXPECT_FALSE(is_caption_text(s)) << s;
  }
}

TEST(Caption, SaysThatItIsAPicture) {
  for (const char* s :
       {"Pictured are the owners of the mill in Hull.", "Pictured, a barge passes the old mill.",
        "Ann Lee pictured with her husband in 2012.", "Bob Moss pictured leaving the mill in May.",
        "In this March 6, 2015, file photo, Moss speaks in Hull.",
        "FILE PHOTO: Ann Lee holds up a sack of flour.",
        "The mill is on fire in an undated file picture."}) {
    EXPECT_TRUE(is_caption_text(s)) << s;
  }
}

TEST(Caption, IsNotEveryPicture) {
  for (const char* s :
       {"He was pictured with Ann Lee in March.", "Moss, pictured at the mill in May, will not go.",
        "Lee pictured the mill as a hotel.", "Lee pictured a hotel in the mill.",
        "Bob Moss (pictured) bought the mill.", "A witness pictured running away was not found.",
        "Moss deleted the file.", "The file showed a photo of Moss.", "Ann Lee pictured"}) {
    EXPECT_FALSE(is_caption_text(s)) << s;
  }
  EXPECT_FALSE(is_caption_text("Ann Lee pictured with Bob in 2012.", "fr"));
}

TEST(Caption, SaysWhereAndWhenItWasTaken) {
  for (const char* s : {"Ann Lee speaks to owners of mills in Hull, Britain, July 29, 2019.",
                        "Owners of mills march in Hull, Mich., Sunday, Oct. 6, 2019",
                        "A miller stands guard outside Hull, Maine, U.S., June 24, 2018.",
                        "A miller stands guard outside Hull, U.S. June 24, 2018."}) {
    EXPECT_TRUE(is_caption_text(s)) << s;
  }
  for (const char* s :
       {"Ann Lee spoke to owners of mills in Hull on July 29, 2019.",
        "The mill burned down on Sunday, July 29, 2019.", "The mill of Moss burned. July 29, 2019.",
        "She was born in Hull, where the mill was, in May 2019.", "Of the mills in Hull, 29, 2019.",
        "Ann Lee owns mills in Hull, Britain, 29, 2019.",
        "Did the mill burn down in Hull, Britain, July 29, 2019?"}) {
    EXPECT_FALSE(is_caption_text(s)) << s;
  }
}

TEST(Caption, IsReadInTheLanguageOfTheText) {
  EXPECT_TRUE(is_caption_text("Évian: Été sans fin au bord du lac.", "fr"));
  EXPECT_FALSE(is_caption_text("Ergebnis: Niederlage für den Meister.", "de"));
  EXPECT_FALSE(is_caption_text("Ann Lee (left) rit.", "fr"));
}

TEST(Caption, IsNeverPicked) {
  const Document story{.title = {},
                       .text =
                           "The old mill of Hull burned down on Friday night.\n"
                           "Blaze: The old mill of Hull burned on Friday night in the rain.\n"
                           "Firemen fought the fire in the old mill for six hours.",
                       .language = "en"};
  const Analysis a = analyse(story);
  ASSERT_EQ(a.sentences.size(), 3U);
  EXPECT_EQ(a.sentences[1].why, "caption");
  for (const Pick& pick : summarize(a, {.budget = {.sentences = 2}}).sentences) {
    EXPECT_NE(pick.position, 1);
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
