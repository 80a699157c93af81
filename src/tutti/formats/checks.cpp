#include "tutti/formats/checks.hpp"

#include "tutti/core/text.hpp"

namespace tutti::formats {

void check_edges(const Lines& lines, const Vector& edges) {
  for (const double edge : edges)
    if (!(edge > 0)) lines.refuse(text("an edge of the box is ", edge, "; give lengths above 0"));
}

Index checked_id(const Lines& lines, std::string_view field, IdCheck& ids, Index particles) {
  const Index id = lines.integer(field, "the id");
  switch (ids.add(id)) {
    case IdCheck::Finding::good:
      break;
    case IdCheck::Finding::beyond:
      lines.refuse(text("the id is ", id, "; number the ", particles, " particles from 1 to ", particles));
    case IdCheck::Finding::twice:
      lines.refuse(text("a second particle has the id ", id, "; number them from 1 to ", particles));
  }
  return id;
}

void require_only_blank_lines(Lines& lines, std::string_view what) {
  while (lines.next())
    if (!lines.is_blank()) lines.refuse(text(quoted(lines.line()), ": ", what, "; is the number right?"));
}

}  // namespace tutti::formats
