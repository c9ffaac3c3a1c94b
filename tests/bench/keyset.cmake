pii_add_benchmark(keyset SOURCES "${CMAKE_CURRENT_LIST_DIR}/keyset_bench.cpp")
