#include "plain_loops.hpp"

plain::Plain plain::avx512() { return {"avx512", loops<double, 64>(), loops<float, 64>()}; }
