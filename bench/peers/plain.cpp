// Our own plain loop and MPI_Allreduce: the fastest rounded dot that we know.
#include "../dot/plain.hpp"

#include "two_vectors.hpp"

namespace {

class Plain : peer::TwoVectors {
 public:
  static constexpr const char* name = "plain loop + MPI_Allreduce";
  static constexpr int vectors = 2, dots = 1;
  using TwoVectors::TwoVectors;
  double dot() {
    const double mine = loop_(x.get(), y.get(), n);
    double all = 0;
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return all;
  }

 private:
  double (*loop_)(const double*, const double*, std::size_t) = plain::best().float64.dot;
};

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  peer::answer<Plain>(argc, argv);
  MPI_Finalize();
}
