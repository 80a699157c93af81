#include "tutti/io/stream.hpp"

namespace tutti::io {

void go_through(const World& world, const std::string& what, Index own, Index most,
                const StreamOptions& options, Site site, const std::function<void(Index)>& step) {
  constexpr Index steps_of_a_round = 64;
  for (Index begin = 0; begin < most; begin += steps_of_a_round) {
    const Index end = std::min(begin + steps_of_a_round, most);
    world.together(
        what,
        [&] {
          for (Index k = begin; k < std::min(end, own); ++k) step(k);
        },
        site);
    if (options.progress && world.rank() == 0)
      options.progress(static_cast<double>(end) / static_cast<double>(most));
  }
}

}  // namespace tutti::io
