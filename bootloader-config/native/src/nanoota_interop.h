/*
 * nanoCLR binds the managed assembly NanoOta.Native to this firmware by the native methods in the order of its method table, and
 * by the checksum over their names. Any change of NativeModule.cs changes both; InteropChecksumTests computes them from the
 * compiled assembly and compares.
 */
#ifndef NANOOTA_INTEROP_H
#define NANOOTA_INTEROP_H

#define NANOOTA_INTEROP_ASSEMBLY "NanoOta.Native"
#define NANOOTA_INTEROP_CLASS "NanoOta_Native_NativeModule"
#define NANOOTA_INTEROP_CHECKSUM 0x9803CDACu

/* METHOD is applied to each name in turn. */
#define NANOOTA_INTEROP_METHODS(METHOD) \
    METHOD(GetValue___STATIC__I4__I4) \
    METHOD(GetAreaSize___STATIC__I4__I4) \
    METHOD(Read___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4) \
    METHOD(Erase___STATIC__I4__I4__I4) \
    METHOD(Write___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4) \
    METHOD(HashStart___STATIC__I4) \
    METHOD(HashBytes___STATIC__I4__SZARRAY_U1__I4__I4) \
    METHOD(HashArea___STATIC__I4__I4__I4__I4) \
    METHOD(HashFinish___STATIC__I4__SZARRAY_U1) \
    METHOD(VerifyEcdsaP256___STATIC__BOOLEAN__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1) \
    METHOD(Activate___STATIC__I4) \
    METHOD(Confirm___STATIC__I4) \
    METHOD(Reject___STATIC__I4__I4) \
    METHOD(Restart___STATIC__VOID) \
    METHOD(GetNativeAssembly___STATIC__I4__I4__SZARRAY_U1) \
    METHOD(GetNativeChecksum___STATIC__I4__I4) \
    METHOD(Guard___STATIC__I4__I4) \
    METHOD(Sleep___STATIC__I4__I4__I4) \
    METHOD(ForgetCrashes___STATIC__I4) \
    METHOD(ReleaseRuntime___STATIC__I4) \
    METHOD(ActivateRuntime___STATIC__I4__BOOLEAN)

#endif
