# For find_package with -DINTEROP-NanoOta.Native_DIR=<this folder>: the same as the find module.
include("${CMAKE_CURRENT_LIST_DIR}/FindINTEROP-NanoOta.Native.cmake")
