#include "tutti/formats/nist_reader.hpp"

#include "tutti/core/text.hpp"
#include "tutti/formats/checks.hpp"

namespace tutti::formats {

NistReader::NistReader(const Source& source, const ReadOptions& options)
    : lines_(source), types_(options.types), ids_(0) {
  contents_.format = Format::nist;
  if (types_.empty()) types_ = {"1"};
  lines_.require("the edges of the box");
  const auto edges = lines_.split();
  if (edges.size() != 3)
    lines_.refuse(text("has ", edges.size(), " fields; give the three edges of the box"));
  contents_.edges = lines_.vector(edges, 0, "an edge of the box");
  check_edges(lines_, *contents_.edges);
  lines_.require("the number of particles");
  const auto count = lines_.split();
  if (count.size() != 1) lines_.refuse(text("has ", count.size(), " fields; give the number of particles"));
  constexpr std::size_t least = 8;  // "1 0 0 0\n"
  contents_.particles = lines_.count(count[0], least);
  ids_ = IdCheck(contents_.particles);
}

bool NistReader::read(Particle& particle) {
  if (done_ == contents_.particles) {
    require_only_blank_lines(lines_, text("more than ", contents_.particles, " particles"));
    return false;
  }
  lines_.require(text("particle ", done_ + 1, " of ", contents_.particles));
  const auto fields = lines_.split();
  if (fields.size() == 5)
    lines_.refuse(
        "has a fifth field, as configurations of molecules have; only atoms, id x y z, can be computed");
  if (fields.size() != 4) lines_.refuse(text("has ", fields.size(), " fields; give four, id x y z"));
  particle.id = checked_id(lines_, fields[0], ids_, contents_.particles);
  particle.position = lines_.vector(fields, 1, "a coordinate");
  ++done_;
  return true;
}

}  // namespace tutti::formats
