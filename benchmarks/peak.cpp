// Prints the floating-point rate of multiply-adds that depend on nothing in memory, in GFLOP/s of
// one thread in double precision: the most that this machine can do.
#include <chrono>
#include <cstdio>

typedef double vector __attribute__((vector_size(64)));

int main() {
    const int chains = 16;  // enough to hide the latency of each
    const long rounds = 4000000;
    double best = 0;
    for (int attempt = 0; attempt < 7; ++attempt) {
        vector sum[chains], factor, term;
        for (int lane = 0; lane < 8; ++lane) {
            factor[lane] = 0.999999;
            term[lane] = 1e-6 * (lane + attempt);
            for (int k = 0; k < chains; ++k) sum[k][lane] = k + lane;
        }
        auto began = std::chrono::steady_clock::now();
        for (long round = 0; round < rounds; ++round)
            for (int k = 0; k < chains; ++k) sum[k] = sum[k] * factor + term;
        std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        double check = 0;
        for (int k = 0; k < chains; ++k) check += sum[k][k % 8];
        double rate = 2.0 * 8 * chains * rounds / took.count() / 1e9;
        if (check == check && rate > best) best = rate;
    }
    std::printf("%.3f\n", best);
}
