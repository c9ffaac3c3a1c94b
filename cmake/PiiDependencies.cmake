# Packages named in docs/conventions.md; all of them are Debian's.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
include("${CMAKE_CURRENT_LIST_DIR}/PiiSodium.cmake")
# What every room is linked with; nothing of it shows in a public header.
set(PII_PRIVATE_LIBS pii::sodium OpenSSL::Crypto Threads::Threads)
if(PII_WITH_LIBPHONENUMBER)
  include("${CMAKE_CURRENT_LIST_DIR}/PiiPhoneNumber.cmake")
  list(APPEND PII_PRIVATE_LIBS pii::phonenumber)
endif()
