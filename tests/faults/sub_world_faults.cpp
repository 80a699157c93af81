// A rank fails inside split() or together(), while the others are in one place or another.
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace tutti::faults {

namespace {

[[noreturn]] void odd() { throw ShapeError("an odd number of rows"); }

int peers_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) odd();
    work(sub);
  });
  return 0;
}

int peers_in_outer(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) odd();
    barrier(scene.world);
  });
  return 0;
}

int peers_elsewhere(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    work(sub);
    if (scene.me()) odd();
  });
  work(scene.world);
  return 0;
}

// Ranks of the other colour are busy in collectives of their own. They hear of it when they have done that
// work, which must therefore be short beside the limit also where several plays share two cores.
int other_colours_busy(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    if (scene.me()) odd();
    if (scene.colour() == scene.guilty % 2)
      barrier(sub);
    else
      for (int i = 0; i < 25; ++i) work(sub);
  });
  work(scene.world);
  return 0;
}

// Rows and columns of a grid are both split from one World. `peers` of them wait in the rows, the columns,
// the whole grid, or in a World of their own inside the columns.
template <class Wait>
int grid(const Scene& scene, const Wait& wait) {
  scene.world.split(scene.world.rank() / 2, [&](World& rows) {
    scene.world.split(scene.colour(), [&](World& columns) {
      if (scene.me()) odd();
      wait(rows, columns);
    });
  });
  return 0;
}

int grid_rows(const Scene& scene) {
  return grid(scene, [](World& rows, World&) { barrier(rows); });
}
int grid_columns(const Scene& scene) {
  return grid(scene, [](World&, World& columns) { barrier(columns); });
}
int grid_mixed(const Scene& scene) {  // each rank comes as far as it can without the guilty one
  return grid(scene, [&](World& rows, World& columns) {
    barrier(rows);
    barrier(columns);
    barrier(scene.world);
  });
}

int nested(const Scene& scene) {
  scene.world.split(0, [&](World& sub) {
    sub.split(scene.colour(), [&](World& inner) {
      if (scene.me()) odd();
      barrier(inner);
    });
  });
  return 0;
}

int together(const Scene& scene) {
  work(scene.world);
  scene.world.together("count rows", [&] {
    if (scene.me()) odd();
  });
  return 0;
}

int together_others_inside(const Scene& scene) {
  scene.world.together("count rows", [&] {
    if (scene.me()) odd();
    work(scene.world);
  });
  return 0;
}

int nested_together(const Scene& scene) {
  scene.world.together("outer", [&] {
    scene.world.together("inner", [&] {
      if (scene.me()) odd();
    });
  });
  return 0;
}

int together_in_sub(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    sub.together("count rows", [&] {
      if (scene.me()) odd();
    });
  });
  return 0;
}

int split_in_together(const Scene& scene) {
  scene.world.together("count rows", [&] {
    scene.world.split(scene.colour(), [&](World& sub) {
      if (scene.me()) odd();
      barrier(sub);
    });
  });
  return 0;
}

// An error that the sub-world agreed on is let through by one rank, and swallowed by its peers.
int sub_error_let_through_by_one(const Scene& scene) {
  scene.world.split(0, [&](World& sub) {
    try {
      sub.together("count rows", [&] {
        if (scene.me()) odd();
      });
    } catch (const ShapeError&) {
      if (scene.me()) throw;
    }
  });
  return 0;
}

// The same with an error of the World that was split.
int outer_error_let_through_by_one(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World&) {
    try {
      scene.world.together("count rows", [&] {
        if (scene.me()) odd();
      });
    } catch (const ShapeError&) {
      if (scene.me()) throw;
    }
  });
  return 0;
}

// A rank has left the scope by an error; a peer heard of it there, swallows it, and goes on in the scope.
int peers_go_on_in_a_left_scope(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World& sub) {
    if (scene.me()) odd();
    for (int attempt = 0; attempt < 3; ++attempt) try {
        barrier(scene.world);
      } catch (const Error&) {
      }
    try {
      work(sub);
    } catch (const Error&) {
    }
  });
  return 0;
}

// The same, and the peer then fails with an error of its own: what all heard first, counts.
int peers_fail_in_a_left_scope(const Scene& scene) {
  scene.world.split(scene.colour(), [&](World&) {
    if (scene.me()) odd();
    try {
      barrier(scene.world);
    } catch (const Error&) {
    }
    throw UsageError("another error");
  });
  return 0;
}

constexpr Fault faults[] = {{"sub-peers-in-sub", peers_in_sub},
                            {"sub-peers-in-outer", peers_in_outer},
                            {"sub-peers-elsewhere", peers_elsewhere},
                            {"sub-other-colours-busy", other_colours_busy},
                            {"sub-grid-rows", grid_rows},
                            {"sub-grid-columns", grid_columns},
                            {"sub-grid-mixed", grid_mixed},
                            {"sub-nested", nested},
                            {"together", together},
                            {"together-others-inside", together_others_inside},
                            {"together-nested", nested_together},
                            {"together-in-sub", together_in_sub},
                            {"sub-in-together", split_in_together},
                            {"sub-error-let-through", sub_error_let_through_by_one},
                            {"sub-outer-error-let-through", outer_error_let_through_by_one},
                            {"sub-peers-go-on", peers_go_on_in_a_left_scope},
                            {"sub-peers-fail-too", peers_fail_in_a_left_scope}};

}  // namespace

std::span<const Fault> sub_world_faults() { return faults; }

}  // namespace tutti::faults
