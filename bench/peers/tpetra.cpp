// Trilinos: Tpetra::Vector::dot.
#include <Tpetra_Core.hpp>
#include <Tpetra_Map.hpp>
#include <Tpetra_Vector.hpp>

#include "peer.hpp"

namespace {

using Map = Tpetra::Map<>;
using Vector = Tpetra::Vector<double>;

class TpetraPeer {
 public:
  static constexpr const char* name = "Tpetra dot";
  static constexpr int vectors = 2, dots = 1;
  TpetraPeer(const peer::Share& share, peer::Element f, peer::Element g)
      : map_(Teuchos::rcp(new Map(static_cast<Tpetra::global_size_t>(share.total),
                                  static_cast<std::size_t>(share.count()), 0, Tpetra::getDefaultComm()))),
        x_(map_),
        y_(map_) {
    fill(x_, share, f);
    fill(y_, share, g);
  }
  double dot() { return x_.dot(y_); }

 private:
  static void fill(Vector& v, const peer::Share& share, peer::Element f) {
    auto values = v.getDataNonConst();
    for (std::int64_t i = 0; i < share.count(); ++i) values[i] = share.element(f, i);
  }

  Teuchos::RCP<const Map> map_;
  Vector x_, y_;
};

}  // namespace

int main(int argc, char** argv) {
  Tpetra::ScopeGuard running(&argc, &argv);
  peer::answer<TpetraPeer>(argc, argv);
}
