// The order in which threads and blocks run. No result may depend on it: tests compare orders.
#pragma once

namespace cuda_emulation {

class Order {
 public:
  enum Kind { FORWARD, REVERSE, SHUFFLED };

  explicit Order(Kind kind = FORWARD, unsigned seed = 0) : kind_(kind), state_(seed * 2 + 1) {}

  // One of the bits that are set.
  int pick(unsigned bits) {
    switch (kind_) {
      case FORWARD:
        return __builtin_ctz(bits);
      case REVERSE:
        return 31 - __builtin_clz(bits);
      default:
        break;
    }
    const int turn = random() & 31;
    const unsigned turned = bits >> turn | bits << (-turn & 31);
    return (__builtin_ctz(turned) + turn) & 31;
  }

  // The block that runs at a turn.
  unsigned long long block(unsigned long long turn, unsigned long long blocks) const {
    switch (kind_) {
      case FORWARD:
        return turn;
      case REVERSE:
        return blocks - 1 - turn;
      default:
        break;
    }
    unsigned long long stride = blocks / 3 + state_ % 64 + 1;
    while (common_divisor(stride, blocks) != 1) {
      stride++;
    }
    return (turn * stride + state_) % blocks;
  }

 private:
  static unsigned long long common_divisor(unsigned long long a, unsigned long long b) {
    return b == 0 ? a : common_divisor(b, a % b);
  }

  // Marsaglia's xorshift32.
  unsigned random() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  Kind kind_;
  unsigned state_;
};

}  // namespace cuda_emulation
