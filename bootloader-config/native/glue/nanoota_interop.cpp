/*
 * The native methods of NanoOta.Native in nanoCLR's conventions. Names and order come from nanoota_interop.h. No
 * method raises an exception: for any arguments the result is a number of NativeModule.
 */
#include "nanoota_interop.h"
#include "nanoota_crypto.h"
#include "nanoota_firmware.h"
#include "nanoota_natives.h"

#include <esp_system.h>
#include <nanoCLR_Interop.h>
#include <nanoCLR_Runtime.h>

#include <string.h>

#define DECLARE(method) NANOCLR_NATIVE_DECLARE(method);
#define HANDLER(method) Library_NanoOta_Native_NanoOta_Native_NativeModule::method,

struct Library_NanoOta_Native_NanoOta_Native_NativeModule
{
    NANOOTA_INTEROP_METHODS(DECLARE)
};

typedef Library_NanoOta_Native_NanoOta_Native_NativeModule NativeModule;

namespace
{

/* Largest piece of an array or of flash in one call, in bytes: it limits how long a call stalls the CLR. */
const int32_t MAX_PIECE = 65536;

const CLR_RT_MethodHandler method_lookup[] = {NANOOTA_INTEROP_METHODS(HANDLER)};

/* Every call that uses the run also records that managed code runs. */
nanoota_run *caller()
{
    nanoota_run *run = nanoota_firmware();
    nanoota_called(run);
    return run;
}

HRESULT answer(CLR_RT_StackFrame &stack, int32_t result)
{
    stack.SetResult_I4(result);
    return S_OK;
}

int32_t number(CLR_RT_HeapBlock &argument)
{
    return argument.NumericByRef().s4;
}

bool is_true(CLR_RT_HeapBlock &argument)
{
    return argument.NumericByRef().u1 != 0;
}

/* A whole array; null has no bytes, so no part of it is valid. */
nanoota_part bytes_of(CLR_RT_HeapBlock &argument)
{
    CLR_RT_HeapBlock_Array *array = argument.DereferenceArray();
    nanoota_part part = {NULL, 0, 0, 0};
    if (array == NULL) return part;
    part.bytes = array->GetFirstElement();
    part.length = (int32_t)array->m_numOfElements;
    return part;
}

/* Part of an array; invalid if it is larger than MAX_PIECE. */
nanoota_part part_of(CLR_RT_HeapBlock &array, CLR_RT_HeapBlock &start, CLR_RT_HeapBlock &count)
{
    nanoota_part part = bytes_of(array);
    part.start = number(start);
    part.count = number(count) <= MAX_PIECE ? number(count) : -1;
    return part;
}

/* nanoPAL.h of nanoCLR redefines strlen for ESP32, so that its use does not compile. */
size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0') length++;
    return length;
}

} // namespace

HRESULT NativeModule::GetValue___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_value(caller(), number(stack.Arg0())));
}

HRESULT NativeModule::GetAreaSize___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_area_size(caller(), number(stack.Arg0())));
}

HRESULT NativeModule::Read___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    nanoota_part part = part_of(stack.Arg2(), stack.Arg3(), stack.Arg4());
    return answer(stack, nanoota_area_read(caller(), number(stack.Arg0()), number(stack.Arg1()), &part));
}

HRESULT NativeModule::Erase___STATIC__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_area_erase(caller(), number(stack.Arg0()), number(stack.Arg1())));
}

HRESULT NativeModule::Write___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    nanoota_part part = part_of(stack.Arg2(), stack.Arg3(), stack.Arg4());
    return answer(stack, nanoota_area_write(caller(), number(stack.Arg0()), number(stack.Arg1()), &part));
}

HRESULT NativeModule::HashStart___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_hash_start());
}

HRESULT NativeModule::HashBytes___STATIC__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    nanoota_part part = part_of(stack.Arg0(), stack.Arg1(), stack.Arg2());
    return answer(stack, nanoota_hash_bytes(&part));
}

HRESULT NativeModule::HashArea___STATIC__I4__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    int32_t count = number(stack.Arg2());
    if (count > MAX_PIECE) return answer(stack, NANOOTA_REFUSED);
    return answer(stack, nanoota_hash_area(caller(), number(stack.Arg0()), number(stack.Arg1()), count));
}

HRESULT NativeModule::HashFinish___STATIC__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    nanoota_part digest = bytes_of(stack.Arg0());
    if (digest.length < NANOOTA_DIGEST_LENGTH) return answer(stack, NANOOTA_REFUSED);
    return answer(stack, nanoota_hash_finish(digest.bytes));
}

HRESULT NativeModule::VerifyEcdsaP256___STATIC__BOOLEAN__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    nanoota_part point = bytes_of(stack.Arg0());
    nanoota_part hash = bytes_of(stack.Arg1());
    nanoota_part signature = bytes_of(stack.Arg2());
    bool is_formed = point.length == NANOOTA_POINT_LENGTH && hash.length == NANOOTA_DIGEST_LENGTH
        && signature.length == NANOOTA_POINT_LENGTH;
    stack.SetResult_Boolean(is_formed && nanoota_verify_p256(point.bytes, hash.bytes, signature.bytes));
    return S_OK;
}

HRESULT NativeModule::Activate___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_activate(caller()));
}

HRESULT NativeModule::Confirm___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_confirm_trial(caller()));
}

HRESULT NativeModule::Reject___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_reject(caller(), number(stack.Arg0())));
}

HRESULT NativeModule::Restart___STATIC__VOID(CLR_RT_StackFrame &stack)
{
    (void)stack;
    esp_restart();
    return S_OK;
}

HRESULT NativeModule::GetNativeAssembly___STATIC__I4__I4__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    const CLR_RT_NativeAssemblyData *assembly = nanoota_native_assembly(number(stack.Arg0()));
    nanoota_part name = bytes_of(stack.Arg1());
    size_t length = assembly == NULL ? 0 : length_of(assembly->m_szAssemblyName);
    if (assembly == NULL || name.bytes == NULL || length > (size_t)name.length) return answer(stack, NANOOTA_REFUSED);
    memcpy(name.bytes, assembly->m_szAssemblyName, length);
    return answer(stack, (int32_t)length);
}

HRESULT NativeModule::GetNativeChecksum___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    const CLR_RT_NativeAssemblyData *assembly = nanoota_native_assembly(number(stack.Arg0()));
    return answer(stack, assembly == NULL ? (int32_t)NANOOTA_REFUSED : (int32_t)assembly->m_checkSum);
}

HRESULT NativeModule::Guard___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_guard_firmware(caller(), number(stack.Arg0())));
}

HRESULT NativeModule::Sleep___STATIC__I4__I4__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_sleep_deeply(caller(), number(stack.Arg0()), number(stack.Arg1())));
}

HRESULT NativeModule::ForgetCrashes___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_forget_crashes(caller()));
}

HRESULT NativeModule::ReleaseRuntime___STATIC__I4(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_release_runtime(caller()));
}

HRESULT NativeModule::ActivateRuntime___STATIC__I4__BOOLEAN(CLR_RT_StackFrame &stack)
{
    return answer(stack, nanoota_activate_runtime(caller(), is_true(stack.Arg0())));
}

/*
 * The table of interop assemblies that nanoCLR's build generates refers to this symbol. The build reads name, checksum and version
 * from this text for native_assemblies.csv, so they are repeated here; InteropChecksumTests compares them.
 */
extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_NanoOta_Native;
const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_NanoOta_Native = {
    "NanoOta.Native", 0x9803CDAC, method_lookup, {3, 0, 0, 0}};
