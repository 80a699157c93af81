// What readers of all formats check alike.
#pragma once

#include "tutti/formats/id_check.hpp"
#include "tutti/formats/lines.hpp"

namespace tutti::formats {

/// @throws FormatError for an edge that is not above 0
void check_edges(const Lines& lines, const Vector& edges);

/// A field as an id.
/// @throws FormatError unless it is one of 1 to `particles` that has not come yet
Index checked_id(const Lines& lines, std::string_view field, IdCheck& ids, Index particles);

/// Behind the last particle.
/// @param what  that another line would be: "more than 10 particles"
void require_only_blank_lines(Lines& lines, std::string_view what);

}  // namespace tutti::formats
