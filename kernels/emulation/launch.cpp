#include "launch.h"

#include "scheduler.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cuda_emulation {
namespace {

using Count = unsigned long long;

std::atomic<Count> blocks_ever{0};

// One launch, whose blocks the workers take in turns.
class Work {
 public:
  Work(const Kernel &kernel, const Shape &shape, void **arguments, Order order)
      : kernel_(kernel), shape_(shape), arguments_(arguments), order_(order),
        blocks_(Count{shape.grid.x} * shape.grid.y * shape.grid.z) {}

  Count blocks() const { return blocks_; }

  // Runs blocks until none is left, or one has failed.
  void help() {
    Count turn;
    while (!failed_ && (turn = turns_++) < blocks_) {
      const Count at = order_.block(turn, blocks_);
      const dim3 &grid = shape_.grid;
      const uint3 index = {static_cast<unsigned>(at % grid.x), static_cast<unsigned>(at / grid.x % grid.y),
                           static_cast<unsigned>(at / grid.x / grid.y)};
      const Block block = {index, grid, shape_.block, shape_.dynamic_shared, ++blocks_ever};
      const std::string report = Scheduler::mine().run(kernel_, arguments_, block, order_);
      if (!report.empty() && !failed_.exchange(true)) {
        report_ = report;
      }
    }
  }

  const std::string &report() const { return report_; }

 private:
  const Kernel &kernel_;
  const Shape &shape_;
  void **const arguments_;
  const Order order_;
  const Count blocks_;
  std::atomic<Count> turns_{0};
  std::atomic<bool> failed_{false};
  std::string report_;
};

// The threads of the operating system that run blocks: never those of the JVM, whose stacks it looks after itself. Once
// started they stay, each with its scheduler.
class Workers {
 public:
  // Runs all blocks on so many threads.
  void run(Work &work, int count) {
    while (static_cast<int>(threads_.size()) < count) {
      threads_.emplace_back([this, index = static_cast<int>(threads_.size()), seen = number_] { loop(index, seen); });
    }
    std::unique_lock<std::mutex> lock(mutex_);
    work_ = &work;
    // No more than can get a block: waking threads is most of what a small launch costs.
    needed_ = busy_ = static_cast<int>(std::min<Count>(count, work.blocks()));
    number_++;
    start_.notify_all();
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void loop(int index, Count seen) {
    for (;;) {
      Work *work;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        start_.wait(lock, [&] { return number_ != seen; });
        seen = number_;
        if (index >= needed_) {
          continue;
        }
        work = work_;
      }
      work->help();
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) {
        done_.notify_one();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable start_, done_;
  Work *work_ = nullptr;
  int needed_ = 0, busy_ = 0;
  Count number_ = 0;  // of launches
  std::vector<std::thread> threads_;
};

int worker_count = std::max(1u, std::thread::hardware_concurrency());
Order block_order;

}  // namespace

bool Shape::valid() const {
  const Count threads = Count{block.x} * block.y * block.z;
  return grid.x > 0 && grid.x <= 0x7fffffffu && grid.y > 0 && grid.y <= 65535 && grid.z > 0 && grid.z <= 65535 &&
         threads > 0 && threads <= Stacks::COUNT && block.z <= 64 && dynamic_shared <= Scheduler::MOST_SHARED;
}

void set_workers(int count) { worker_count = count; }

void set_order(Order order) { block_order = order; }

std::string run(const Kernel &kernel, const Shape &shape, void **arguments) {
  // Left behind at exit, when the JVM may still be running.
  static Workers *workers = new Workers();
  Work work(kernel, shape, arguments, block_order);
  workers->run(work, worker_count);
  return work.report();
}

}  // namespace cuda_emulation
