#include "tutti/comm/flight.hpp"

#include "tutti/comm/context.hpp"
#include "tutti/comm/mpi_error.hpp"

namespace tutti::comm {

void Context::land(Flight& flight) {
  payload([&](Channel&, Waiting how) { Channel::finish(flight.requests, how); });
  std::erase_if(flights_, [&](const auto& each) { return each.get() == &flight; });
}

// Of those that nobody else keeps any more: their memory goes when they have arrived.
void Context::land_forgotten() {
  std::erase_if(flights_, [](const std::shared_ptr<Flight>& flight) {
    if (flight.use_count() > 1) return false;
    int done = 0;
    check_mpi(MPI_Testall(static_cast<int>(flight->requests.size()), flight->requests.data(), &done,
                          MPI_STATUSES_IGNORE),
              "MPI_Testall");
    return done != 0;
  });
}

void Context::drain() {
  if (flights_.empty() && !late_) return;
  process_->watchdog->resume();
  for (const auto& flight : flights_) Channel::finish(flight->requests, waiting());
  flights_.clear();
  if (late_)
    for (; !late_->idle(); pause()) process_->progress_late();
  process_->watchdog->leave();
}

}  // namespace tutti::comm
