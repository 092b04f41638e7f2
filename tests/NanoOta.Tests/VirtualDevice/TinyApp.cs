using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Builds firmware of a few instructions: each call adds to Main, <see cref="Build"/> ends it.</summary>
internal sealed class TinyApp
{
    private readonly PersistedAssemblyBuilder assembly;
    private readonly TypeBuilder type;
    private readonly MethodBuilder main;
    private readonly ILGenerator il;
    private int threads;

    public TinyApp(string name = "App", string version = "1.0.0.0", bool takesArguments = false)
    {
        var identity = new AssemblyName(name) { Version = Version.Parse(version) };
        assembly = new PersistedAssemblyBuilder(identity, typeof(object).Assembly);
        type = assembly.DefineDynamicModule(name).DefineType(name + ".Program", TypeAttributes.Public);
        main = Define("Main", takesArguments ? [typeof(string[])] : []);
        il = main.GetILGenerator();
    }

    public TinyApp Print(string text) => Print(il, text);

    public TinyApp Throw(string message) => Throw(il, message);

    /// <summary>Calls a native method with numbers, and prints "NAME = RESULT".</summary>
    public TinyApp Native(string method, params int[] arguments)
    {
        var target = typeof(NativeModule).GetMethod(method)!;
        foreach (int argument in arguments) il.Emit(OpCodes.Ldc_I4, argument);
        il.Emit(OpCodes.Call, target);
        if (target.ReturnType == typeof(void)) return this;
        var result = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Ldstr, method + " = ");
        il.Emit(OpCodes.Call, typeof(Console).GetMethod("Write", [typeof(string)])!);
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Call, typeof(Console).GetMethod("WriteLine", [typeof(int)])!);
        return this;
    }

    /// <summary>Prints the name of a native assembly of the firmware.</summary>
    public TinyApp PrintNativeAssembly(int index)
    {
        var name = il.DeclareLocal(typeof(byte[]));
        var length = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldc_I4, NativeAssembly.MaxName);
        il.Emit(OpCodes.Newarr, typeof(byte));
        il.Emit(OpCodes.Stloc, name);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldloc, name);
        il.Emit(OpCodes.Call, typeof(NativeModule).GetMethod(nameof(NativeModule.GetNativeAssembly))!);
        il.Emit(OpCodes.Stloc, length);
        il.Emit(OpCodes.Call, typeof(Encoding).GetProperty(nameof(Encoding.ASCII))!.GetMethod!);
        il.Emit(OpCodes.Ldloc, name);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ldloc, length);
        il.Emit(OpCodes.Callvirt, typeof(Encoding).GetMethod(nameof(Encoding.GetString), [typeof(byte[]), typeof(int), typeof(int)])!);
        il.Emit(OpCodes.Call, typeof(Console).GetMethod("WriteLine", [typeof(string)])!);
        return this;
    }

    public TinyApp PrintVariable(string name)
    {
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Call, typeof(Environment).GetMethod("GetEnvironmentVariable", [typeof(string)])!);
        il.Emit(OpCodes.Call, typeof(Console).GetMethod("WriteLine", [typeof(string)])!);
        return this;
    }

    public TinyApp Exit()
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Call, typeof(Environment).GetMethod("Exit")!);
        return this;
    }

    public TinyApp Recurse()
    {
        il.Emit(OpCodes.Call, main);
        return this;
    }

    public TinyApp Sleep()
    {
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Sleep", [typeof(int)])!);
        return this;
    }

    /// <summary>Continues with an endless loop around <paramref name="body"/>.</summary>
    public TinyApp Forever(Action<TinyApp> body)
    {
        var again = il.DefineLabel();
        il.MarkLabel(again);
        body(this);
        il.Emit(OpCodes.Br, again);
        return this;
    }

    /// <summary>Starts a thread that throws, and waits for its end.</summary>
    public TinyApp ThrowOnThread(string message) => OnThread(thread => Throw(thread, message));

    /// <summary>Starts a thread that prints without end.</summary>
    public TinyApp PrintOnThreadForever(string text) => OnThread(thread =>
    {
        var again = thread.DefineLabel();
        thread.MarkLabel(again);
        Print(thread, text);
        thread.Emit(OpCodes.Br, again);
    }, join: false);

    /// <summary>Calls Main of another app, which so becomes a reference.</summary>
    public TinyApp Call(TinyApp other)
    {
        il.Emit(OpCodes.Call, other.main);
        return this;
    }

    /// <summary>Calls any static method that takes texts, or nothing.</summary>
    public TinyApp Call(MethodInfo method, params string[] arguments)
    {
        foreach (var argument in arguments) il.Emit(OpCodes.Ldstr, argument);
        il.Emit(OpCodes.Call, method);
        if (method.ReturnType != typeof(void)) il.Emit(OpCodes.Pop);
        return this;
    }

    /// <summary>The .dll.</summary>
    public byte[] Build(bool hasEntryPoint = true)
    {
        il.Emit(OpCodes.Ret);
        type.CreateType();
        var metadata = assembly.GenerateMetadata(out var code, out var data);
        var entry = hasEntryPoint ? MetadataTokens.MethodDefinitionHandle(main.MetadataToken) : default;
        var pe = new ManagedPEBuilder(PEHeaderBuilder.CreateExecutableHeader(), new MetadataRootBuilder(metadata), code,
            mappedFieldData: data, entryPoint: entry);
        var bytes = new BlobBuilder();
        pe.Serialize(bytes);
        return bytes.ToArray();
    }

    private TinyApp OnThread(Action<ILGenerator> body, bool join = true)
    {
        var method = Define("Thread" + threads++, []);
        var thread = method.GetILGenerator();
        body(thread);
        thread.Emit(OpCodes.Ret);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldftn, method);
        il.Emit(OpCodes.Newobj, typeof(ThreadStart).GetConstructors()[0]);
        il.Emit(OpCodes.Newobj, typeof(Thread).GetConstructor([typeof(ThreadStart)])!);
        if (join) il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Start", [])!);
        if (join) il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Join", [])!);
        return this;
    }

    private MethodBuilder Define(string name, Type[] parameters) =>
        type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), parameters);

    private TinyApp Print(ILGenerator code, string text)
    {
        code.Emit(OpCodes.Ldstr, text);
        code.Emit(OpCodes.Call, typeof(Console).GetMethod("WriteLine", [typeof(string)])!);
        return this;
    }

    private TinyApp Throw(ILGenerator code, string message)
    {
        code.Emit(OpCodes.Ldstr, message);
        code.Emit(OpCodes.Newobj, typeof(Exception).GetConstructor([typeof(string)])!);
        code.Emit(OpCodes.Throw);
        return this;
    }
}
