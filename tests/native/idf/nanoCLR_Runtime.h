#ifndef NANOCLR_RUNTIME_H
#define NANOCLR_RUNTIME_H

#include "nanoCLR_Interop.h"
#include "nanoPAL.h"

struct CLR_RT_HeapBlock_Array;

/* A value, or a reference to an array. */
struct CLR_RT_HeapBlock
{
    union Numeric
    {
        CLR_UINT8 u1;
        CLR_INT32 s4;
    };

    Numeric numeric;
    CLR_RT_HeapBlock_Array *array;

    Numeric &NumericByRef()
    {
        return numeric;
    }

    CLR_RT_HeapBlock_Array *DereferenceArray()
    {
        return array;
    }
};

struct CLR_RT_HeapBlock_Array
{
    CLR_UINT32 m_numOfElements;
    CLR_UINT8 *elements;

    CLR_UINT8 *GetFirstElement()
    {
        return elements;
    }
};

struct CLR_RT_StackFrame
{
    CLR_RT_HeapBlock arguments[8];
    CLR_INT32 result;
    int results;

    CLR_RT_HeapBlock &Arg0()
    {
        return arguments[0];
    }

    CLR_RT_HeapBlock &Arg1()
    {
        return arguments[1];
    }

    CLR_RT_HeapBlock &Arg2()
    {
        return arguments[2];
    }

    CLR_RT_HeapBlock &Arg3()
    {
        return arguments[3];
    }

    CLR_RT_HeapBlock &Arg4()
    {
        return arguments[4];
    }

    void SetResult_I4(CLR_INT32 value)
    {
        result = value;
        results++;
    }

    void SetResult_Boolean(bool value)
    {
        result = value ? 1 : 0;
        results++;
    }
};

extern const CLR_RT_NativeAssemblyData *g_CLR_InteropAssembliesNativeData[];
extern const uint16_t g_CLR_InteropAssembliesCount;

#endif
