// What changes from run to run. It lives in device memory, so that a captured graph needs no patching.
#pragma once

struct Run {
  unsigned seed_low, seed_high;  // the Philox key
  unsigned step;                 // of noise addresses and bias corrections
  unsigned first_sample;         // the number, among all samples of the step, of this run's sample 0
  unsigned scales_follow;        // whether IVON's log_sigma is to be taken from its Hessian where it may be
};
