# Adds the native module to a build of nanoCLR for ESP32. NF_INTEROP_ASSEMBLIES names it, and
# -DINTEROP-NanoOta.Native_DIR=<this folder> lets find_package find it here. Alternatively copy this file to CMake/Modules of
# nf-interpreter, and bootloader-config/native to InteropAssemblies/NanoOta.Native.
#
# Sets NanoOta.Native_INCLUDE_DIRS and NanoOta.Native_SOURCES for nf-interpreter, and links the firmware so that the search for
# the deployment calls the module. nf-interpreter may load this file more than once.

get_filename_component(NANOOTA_NATIVE "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(NOT EXISTS "${NANOOTA_NATIVE}/glue/nanoota_interop.cpp")
    set(NANOOTA_NATIVE "${CMAKE_SOURCE_DIR}/InteropAssemblies/NanoOta.Native")
endif()
if(NOT EXISTS "${NANOOTA_NATIVE}/glue/nanoota_interop.cpp")
    message(FATAL_ERROR "NanoOta.Native: there are no sources in ${NANOOTA_NATIVE}; copy bootloader-config/native there, "
        "or configure with -DINTEROP-NanoOta.Native_DIR=<path of bootloader-config/native/cmake>")
endif()

if(NOT NANOCLR_PROJECT_NAME)
    set(NANOCLR_PROJECT_NAME nanoCLR)
endif()
if(NOT TARGET ${NANOCLR_PROJECT_NAME}.elf)
    message(FATAL_ERROR "NanoOta.Native: there is no target ${NANOCLR_PROJECT_NAME}.elf yet; this module is for nf-interpreter's "
        "builds for ESP32, which define it before they search for interop assemblies")
endif()

file(GLOB NanoOta.Native_SOURCES CONFIGURE_DEPENDS
    "${NANOOTA_NATIVE}/src/*.c" "${NANOOTA_NATIVE}/glue/*.c" "${NANOOTA_NATIVE}/glue/*.cpp")
set(NanoOta.Native_INCLUDE_DIRS
    "${NANOOTA_NATIVE}/src"
    "${NANOOTA_NATIVE}/glue"
    "${CMAKE_SOURCE_DIR}/src/CLR/Core"
    "${CMAKE_SOURCE_DIR}/src/CLR/Include"
    "${CMAKE_SOURCE_DIR}/src/HAL/Include"
    "${CMAKE_SOURCE_DIR}/src/PAL/Include")

# Components of ESP-IDF whose headers the glue includes; nf-interpreter's own list has no app_update.
foreach(component IN ITEMS app_update bootloader_support esp_hw_support esp_partition esp_system freertos hal mbedtls soc)
    if(NOT TARGET idf::${component})
        message(FATAL_ERROR "NanoOta.Native: this build has no ESP-IDF component ${component}; "
            "add it to IDF_COMPONENTS_TO_ADD in nf-interpreter's CMake/binutils.ESP32.cmake")
    endif()
    list(APPEND NanoOta.Native_INCLUDE_DIRS "$<TARGET_PROPERTY:idf::${component},INTERFACE_INCLUDE_DIRECTORIES>")
endforeach()

get_property(NANOOTA_IS_LINKED GLOBAL PROPERTY NANOOTA_IS_LINKED)
if(NOT NANOOTA_IS_LINKED)
    target_link_options(${NANOCLR_PROJECT_NAME}.elf PRIVATE "-Wl,--wrap=esp_partition_find_first")
    target_link_libraries(${NANOCLR_PROJECT_NAME}.elf idf::app_update idf::bootloader_support idf::mbedtls)
    set_property(GLOBAL PROPERTY NANOOTA_IS_LINKED TRUE)
endif()
