# piictl mask in pipes that pause, that nobody reads, that end in the middle; and in files of more than memory.
if(TARGET piictl)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  set(mask_test_build "")
  if(PII_SANITIZE)
    set(mask_test_build sanitized)
  endif()
  add_test(NAME integration.mask COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/mask/mask_test.py" "$<TARGET_FILE:piictl>" ${mask_test_build})
  set_tests_properties(integration.mask PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 900)
endif()
