pii_add_benchmark(crypto SOURCES "${CMAKE_CURRENT_LIST_DIR}/crypto_bench.cpp")
