/* Calls the native methods as nanoCLR does: through the method table of the assembly. */
#ifndef CLR_H
#define CLR_H

#include <nanoCLR_Runtime.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <variant>
#include <vector>

typedef std::vector<uint8_t> bytes;

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_NanoOta_Native;

/* An argument of a call: a number, an array, or null. */
typedef std::variant<int32_t, uint32_t, std::reference_wrapper<bytes>, decltype(nullptr)> argument;

/* Calls a method by its name in NativeModule, and returns its result. A method with no result, or with two, ends the program. */
int32_t call(const char *method, std::initializer_list<argument> arguments = {});

/*
 * nanoCLR's search for its deployment; the slot that it finds, or -1. It is not part of board.cpp, because calls within
 * the object that defines a function are not wrapped.
 */
int clr_finds();

/* The CLR restarts without a reset of the chip, and searches for the deployment again: as clr_finds. */
int clr_restarts();

#endif
