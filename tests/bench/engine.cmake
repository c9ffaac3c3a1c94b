pii_add_benchmark(engine SOURCES engine_bench.cpp)
