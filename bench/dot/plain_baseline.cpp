#include "plain_loops.hpp"

plain::Plain plain::baseline() { return {"baseline", loops<double, 16>(), loops<float, 16>()}; }
