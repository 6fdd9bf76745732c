#pragma once

namespace nutgraf::summarizer::test {

/// A story of our own, with a dateline, a credit, a leaning sentence and a quotation.
inline constexpr const char* kStory =
    "HARLOW (AP) -- The old mill of Harlow burned down on Friday night, and police said two "
    "workers "
    "were missing.\n\n"
    "They had been mending the roof of the mill when the fire broke out, Chief Ann Moss said. "
    "\"We are still looking for the workers,\" she said.\n\n"
    "By Ed Stone\n\n"
    "The mill, built in 1871, was to become a museum of the town of Harlow. "
    "Rain hampered fire crews from three towns, who needed five hours to put out the fire. "
    "But the mayor said the museum would be built anyway. "
    "Nobody in the neighbouring houses was hurt by the fire or the smoke.\n\n"
    "READ MORE: Mills of the valley\n";

}  // namespace nutgraf::summarizer::test
