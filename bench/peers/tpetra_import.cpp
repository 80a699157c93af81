// Trilinos: Tpetra::Import between a cyclic map and one in blocks.
#include <Tpetra_Core.hpp>
#include <Tpetra_Import.hpp>
#include <Tpetra_Map.hpp>
#include <Tpetra_Vector.hpp>

#include "../stitch/moving.hpp"

namespace {

using Map = Tpetra::Map<>;
using Vector = Tpetra::Vector<double>;

Teuchos::RCP<const Map> map_of(const moving::Division& division) {
  const auto total = static_cast<Tpetra::global_size_t>(division.total);
  const auto count = static_cast<std::size_t>(division.count());
  if (!division.cyclic) return Teuchos::rcp(new Map(total, count, 0, Tpetra::getDefaultComm()));
  std::vector<Map::global_ordinal_type> indices(count);
  for (std::size_t l = 0; l < count; ++l)
    indices[l] = static_cast<Map::global_ordinal_type>(division.index(static_cast<std::int64_t>(l)));
  return Teuchos::rcp(new Map(total, Teuchos::arrayViewFromVector(indices), 0, Tpetra::getDefaultComm()));
}

class ImportPeer {
 public:
  ImportPeer(const moving::Division& from, const moving::Division& to) : x_(map_of(from)), y_(map_of(to)) {}
  double* source() { return x_.getDataNonConst().getRawPtr(); }
  double* target() { return y_.getDataNonConst().getRawPtr(); }
  void plan() { import_ = Teuchos::rcp(new Tpetra::Import<>(x_.getMap(), y_.getMap())); }
  void move() { y_.doImport(x_, *import_, Tpetra::INSERT); }

 private:
  Vector x_, y_;
  Teuchos::RCP<Tpetra::Import<>> import_;
};

}  // namespace

int main(int argc, char** argv) {
  Tpetra::ScopeGuard running(&argc, &argv);
  moving::answer<ImportPeer>(argc, argv, "Tpetra Import");
}
