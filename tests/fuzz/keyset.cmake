pii_add_fuzzer(keyset SOURCES "${CMAKE_CURRENT_LIST_DIR}/keyset_fuzz.cpp" ROOMS keyset)
pii_add_fuzzer(sealed SOURCES "${CMAKE_CURRENT_LIST_DIR}/sealed_fuzz.cpp" ROOMS keyset)
pii_add_fuzzer(key_import SOURCES "${CMAKE_CURRENT_LIST_DIR}/key_import_fuzz.cpp" ROOMS keyset)
