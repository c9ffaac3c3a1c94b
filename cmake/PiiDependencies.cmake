# Packages named in docs/conventions.md; all of them are Debian's.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
include("${CMAKE_CURRENT_LIST_DIR}/PiiSodium.cmake")
