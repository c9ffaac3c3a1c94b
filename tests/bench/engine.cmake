pii_add_benchmark(engine SOURCES engine_bench.cpp)
pii_add_benchmark(engine_v2 SOURCES engine_v2_bench.cpp)
