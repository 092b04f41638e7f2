# ESP-IDF as libraries: its partitions in an archive of their own, as in a real build, its headers through a component that
# the others require.
add_library(__idf_esp_common INTERFACE)
target_include_directories(__idf_esp_common INTERFACE "${TESTS}/idf")

add_library(__idf_esp_partition STATIC "${TESTS}/glue/board.cpp" "${TESTS}/sim_flash.c")
target_compile_definitions(__idf_esp_partition PUBLIC SIM_SLOT_SIZE=0x22000u)
target_include_directories(__idf_esp_partition PRIVATE "${TESTS}" "${TESTS}/../../bootloader-config/native/src")
target_link_libraries(__idf_esp_partition PUBLIC __idf_esp_common)
add_library(idf::esp_partition ALIAS __idf_esp_partition)

foreach(component IN ITEMS app_update bootloader_support esp_hw_support esp_system freertos hal mbedtls soc)
    if(NOT component STREQUAL WITHOUT_COMPONENT)
        add_library(__idf_${component} INTERFACE)
        target_link_libraries(__idf_${component} INTERFACE __idf_esp_common)
        add_library(idf::${component} ALIAS __idf_${component})
    endif()
endforeach()

target_link_libraries(__idf_app_update INTERFACE idf::esp_partition)
if(TARGET __idf_mbedtls)
    target_link_libraries(__idf_mbedtls INTERFACE mbedcrypto)
endif()
