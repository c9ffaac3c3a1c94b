pii_add_fuzzer(keyset SOURCES "${CMAKE_CURRENT_LIST_DIR}/keyset_fuzz.cpp" ROOMS keyset)
