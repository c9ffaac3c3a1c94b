# The page of piictl scan --report in a real browser.
if(TARGET piictl)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  add_test(NAME integration.report_contrast COMMAND ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/report/contrast_test.py"
    "${PROJECT_SOURCE_DIR}/piictl/src/scan/page/page.css")
  set_tests_properties(integration.report_contrast PROPERTIES LABELS integration)
  add_test(NAME integration.report COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/report/report_test.py" "$<TARGET_FILE:piictl>")
  set_tests_properties(integration.report PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 600)
endif()
