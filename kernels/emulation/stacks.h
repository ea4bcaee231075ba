// The stacks of the threads of a block.
#pragma once
#include <cstddef>
#include <vector>

namespace cuda_emulation {

class Stacks {
 public:
  static constexpr int COUNT = 1024;  // the most threads that a block can have

  Stacks();
  ~Stacks();
  Stacks(const Stacks &) = delete;
  Stacks &operator=(const Stacks &) = delete;

  int take();
  void give_back(int stack);

  // Takes all back, also those that threads will never leave.
  void reset();

  // A new fiber on a stack.
  void *fiber(int stack, void (*entry)());

 private:
  char *memory_;
  std::vector<int> free_;
};

}  // namespace cuda_emulation
