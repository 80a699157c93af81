#include "plain_loops.hpp"

plain::Plain plain::avx2() { return {"avx2", loops<double, 32>(), loops<float, 32>()}; }
