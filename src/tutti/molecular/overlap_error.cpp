#include "tutti/molecular/overlap_error.hpp"

#include "tutti/core/text.hpp"

namespace tutti::molecular {

OverlapError::OverlapError(Index first, Index second, double distance, double smallest, Precision precision)
    : FormatError(text("particles ", first, " and ", second, " overlap: their distance is ", distance,
                       ", the smallest that precision ", molecular::name(precision), " can compute is ",
                       smallest, "; move them apart, or use a shorter time step"),
                  {name, {first, second}}),
      distance_(distance) {}

}  // namespace tutti::molecular
