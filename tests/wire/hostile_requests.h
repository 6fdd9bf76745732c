#pragma once

#include <string>
#include <vector>

namespace nutgraf {

/// Requests that must be answered with bad_request, and must do no other harm.
inline std::vector<std::string> hostile_requests() {
  std::vector<std::string> list = {
      "",
      " ",
      "null",
      "true",
      "7",
      "\"fetch\"",
      "[]",
      "{}",
      "{",
      "}",
      "{\"op\"",
      "\xff\xfe",
      std::string("\0\0\0\0", 4),
      R"({"op":"fetch"})",
      R"({"op":null})",
      R"({"op":7})",
      R"({"op":"FETCH","after":0})",
      R"({"op":"drop","after":0})",
      R"({"op":"fetch","after":0} x)",
      R"({"op":"fetch","after":-1})",
      R"({"op":"fetch","after":0.5})",
      R"({"op":"fetch","after":"0"})",
      R"({"op":"fetch","after":null})",
      R"({"op":"fetch","after":1e3})",
      R"({"op":"fetch","after":9007199254740992})",
      R"({"op":"fetch","after":18446744073709551615})",
      R"({"op":"fetch","after":99999999999999999999999})",
      R"({"op":"fetch","after":0,"since":"2026-11-21T10:00:00Z"})",
      R"({"op":"fetch","since":"yesterday"})",
      R"({"op":"fetch","since":1})",
      R"({"op":"fetch","since":"2026-13-41T10:00:00Z"})",
      R"({"op":"fetch","since":"2026-11-21T10:00:00Z","after_time":"2026-11-21T10:00:00Z"})",
      R"({"op":"fetch","after":0,"limit":0})",
      R"({"op":"fetch","after":0,"limit":-5})",
      R"({"op":"fetch","after":0,"limit":"10"})",
      R"({"op":"fetch","after":0,"until":{}})",
      R"({"op":"fetch","after":0,"epoch":""})",
      R"({"op":"fetch","after":0,"epoch":5})",
      R"({"op":"fetch","after":0,"epoch":null})",
      R"({"op":"fetch","after":0,"id":{}})",
      R"({"op":"fetch","after":0,"prefixes":"story."})",
      R"({"op":"fetch","after":0,"prefixes":{"0":"story."}})",
      R"({"op":"fetch","after":0,"prefixes":[1]})",
      R"({"op":"fetch","after":0,"prefixes":["Story."]})",
      R"({"op":"fetch","after":0,"prefixes":["story.%"]})",
      R"({"op":"fetch","after":0,"prefixes":["story.*"]})",
      R"({"op":"fetch","after":0,"prefixes":["$hb"]})",
      R"({"op":"fetch","after":0,"prefixes":["story.\u0000"]})",
      R"({"op":"fetch","after":0,"prefixes":["'; drop table log; --"]})",
      R"({"op":"snapshot","page":-1})",
      R"({"op":"snapshot","page":1e9})",
      R"({"op":"snapshot","page":99999999999})",
      R"({"op":"snapshot","prefixes":null})",
      R"({"op":"get"})",
      R"({"op":"get","story":""})",
      R"({"op":"get","story":7})",
      R"({"op":"get","story":"a","event":"b"})",
      R"({"op":"get","url":["https://e.org/"]})"};
  list.push_back(std::string(30'000, '['));
  list.push_back(R"({"op":"fetch","after":0,"x":)" + std::string(30'000, '['));
  list.push_back(R"({"op":"get","url":")" + std::string(5'000, 'a') + "\"}");
  list.push_back(R"({"op":"fetch","after":0,"id":")" + std::string(65, 'i') + "\"}");
  list.push_back(R"({"op":"fetch","after":0,"prefixes":[")" + std::string(257, 'a') + "\"]}");
  std::string many = R"({"op":"fetch","after":0,"prefixes":["a")";
  for (int i = 0; i < 64; ++i) many += ",\"a\"";
  list.push_back(many + "]}");
  return list;
}

}  // namespace nutgraf
