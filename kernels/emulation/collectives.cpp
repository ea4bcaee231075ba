// The operations that the lanes of a warp do together; those of the tensor cores are in ptx.cpp.
#include "intrinsics.h"

namespace cuda_emulation {

void shuffle_lanes(Warp &warp, unsigned lanes) {
  // Of a lane that takes no part comes what no kernel can want to have: a NaN.
  constexpr uint64_t nothing = ~uint64_t{0};
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    const Collective &lane = warp.lanes[__builtin_ctz(rest)];
    const auto *mine = static_cast<const Shuffle *>(lane.in);
    uint64_t result = mine->value;
    if (mine->source >= 0) {
      const bool there = lanes >> mine->source & 1;
      result = there ? static_cast<const Shuffle *>(warp.lanes[mine->source].in)->value : nothing;
    }
    *static_cast<uint64_t *>(lane.out) = result;
  }
}

void vote(Warp &warp, unsigned lanes) {
  unsigned result = 0;
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    const int lane = __builtin_ctz(rest);
    result |= (*static_cast<const int *>(warp.lanes[lane].in) != 0 ? 1u : 0u) << lane;
  }
  for (unsigned rest = lanes; rest; rest &= rest - 1) {
    *static_cast<unsigned *>(warp.lanes[__builtin_ctz(rest)].out) = result;
  }
}

}  // namespace cuda_emulation
