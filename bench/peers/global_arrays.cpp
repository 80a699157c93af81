// Global Arrays: GA_Ddot of two arrays, each rank's block filled in place.
#include <ga.h>
#include <macdecls.h>

#include "peer.hpp"

namespace {

class Array {
 public:
  Array(const peer::Share& share, peer::Element f) {
    std::int64_t total = share.total;
    handle_ = NGA_Create64(C_DBL, 1, &total, const_cast<char*>("vector"), nullptr);
    if (handle_ == 0) GA_Error(const_cast<char*>("no memory for a vector"), 1);
    std::int64_t low = 0, high = -1, stride = 0;
    NGA_Distribution64(handle_, share.rank, &low, &high);
    if (low >= 0 && high >= low) {
      double* values = nullptr;
      NGA_Access64(handle_, &low, &high, static_cast<void*>(&values), &stride);
      for (std::int64_t i = low; i <= high; ++i) values[i - low] = f(i, share.total);
      NGA_Release_update64(handle_, &low, &high);
    }
    GA_Sync();
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { GA_Destroy(handle_); }
  int handle() const { return handle_; }

 private:
  int handle_ = 0;
};

class GlobalArrays {
 public:
  static constexpr const char* name = "Global Arrays GA_Ddot";
  static constexpr int vectors = 2, dots = 1;
  GlobalArrays(const peer::Share& share, peer::Element f, peer::Element g) : x_(share, f), y_(share, g) {}
  double dot() { return GA_Ddot(x_.handle(), y_.handle()); }

 private:
  Array x_, y_;
};

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  GA_Initialize();
  peer::answer<GlobalArrays>(argc, argv);
  GA_Terminate();
  MPI_Finalize();
}
