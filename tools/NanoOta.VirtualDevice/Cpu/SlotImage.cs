using System.Reflection;
using System.Runtime.Loader;
using NanoOta.VirtualDevice.Bus;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>The resolved assemblies of the slot. Besides them only the framework and the native module are loaded: an assembly in the
/// folder of this program is not on the device.</summary>
internal sealed class SlotImage : AssemblyLoadContext
{
    private const string NativeAssembly = "NanoOta.Native";

    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly List<FoundAssembly> found;
    private readonly FoundAssembly entry;

    private SlotImage(List<FoundAssembly> found, FoundAssembly entry)
        : base("slot")
    {
        this.found = found;
        this.entry = entry;
    }

    /// <summary>Reads the running slot; null, with the reason on the console, if it has no app that can run.</summary>
    public static SlotImage? Load(INativePort port, TextWriter console)
    {
        var slot = new byte[port.GetAreaSize(RunningSlot)];
        port.Read(RunningSlot, 0, slot, 0, slot.Length);
        var found = new List<FoundAssembly>();
        foreach (var bytes in SlotScan.Find(slot))
        {
            if (!bytes.AsSpan().StartsWith("MZ"u8)) return Fail("made for real silicon; the virtual device runs .NET assemblies");
            if (FoundAssembly.Read(bytes) is not { } assembly) return Fail("an assembly in the slot is not one of .NET");
            found.Add(assembly);
        }

        foreach (var assembly in found)
            foreach (var missing in assembly.References.Where(r => !IsOfHost(r) && !found.Exists(f => f.Satisfies(r))))
                return Fail($"link failure: {assembly.Name.Name} needs {missing.Name} {missing.Version?.ToString(2)}");

        var entry = found.FindLast(f => f.HasEntryPoint);
        return entry != null ? new SlotImage(found, entry) : Fail("cannot find any entry point");

        SlotImage? Fail(string reason)
        {
            console.WriteLine(reason);
            return null;
        }
    }

    /// <summary>Runs the program; returns or throws when its main thread ends.</summary>
    public void Run()
    {
        var main = LoadFromStream(entry.Open()).EntryPoint!;
        object?[] arguments = main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
        main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    protected override Assembly? Load(AssemblyName name)
    {
        if (IsOfHost(name)) return null;
        var match = found.Find(f => f.Satisfies(name))
            ?? throw new FileNotFoundException($"{name.Name} {name.Version?.ToString(2)} is not in the slot");
        return LoadFromStream(match.Open());
    }

    private static bool IsOfHost(AssemblyName name) =>
        name.Name == NativeAssembly || File.Exists(Path.Combine(FrameworkFolder, name.Name + ".dll"));
}
