using System.Reflection;
using System.Runtime.Loader;
using NanoOta.VirtualDevice.Bus;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>
/// The assemblies of the slot, resolved and ready to run. Nothing else is loaded but the framework and the native module:
/// an assembly that lies beside this program is not on the device.
/// </summary>
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

    /// <summary>Reads the running slot; null, with the reason on the console, when nothing in it can run.</summary>
    public static SlotImage? Load(INativePort port, TextWriter console)
    {
        var slot = new byte[port.GetAreaSize(RunningSlot)];
        port.Read(RunningSlot, 0, slot, 0, slot.Length);
        var found = new List<FoundAssembly>();
        foreach (var bytes in SlotScan.Find(slot))
        {
            if (!bytes.AsSpan().StartsWith("MZ"u8)) return Nothing("made for real silicon; the virtual device runs .NET assemblies");
            if (FoundAssembly.Read(bytes) is not { } assembly) return Nothing("an assembly in the slot is not one of .NET");
            found.Add(assembly);
        }

        foreach (var assembly in found)
            foreach (var missing in assembly.References.Where(r => !IsOfHost(r) && !found.Exists(f => f.Answers(r))))
                return Nothing($"link failure: {assembly.Name.Name} needs {missing.Name} {missing.Version?.ToString(2)}");

        var entry = found.FindLast(f => f.HasEntryPoint);
        return entry != null ? new SlotImage(found, entry) : Nothing("cannot find any entry point");

        SlotImage? Nothing(string reason)
        {
            console.WriteLine(reason);
            return null;
        }
    }

    /// <summary>Runs the program; returns, or throws what it throws, when its main thread ends.</summary>
    public void Run()
    {
        var main = LoadFromStream(entry.Open()).EntryPoint!;
        object?[] arguments = main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
        main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    protected override Assembly? Load(AssemblyName name)
    {
        if (IsOfHost(name)) return null;
        var match = found.Find(f => f.Answers(name))
            ?? throw new FileNotFoundException($"{name.Name} {name.Version?.ToString(2)} is not in the slot");
        return LoadFromStream(match.Open());
    }

    private static bool IsOfHost(AssemblyName name) =>
        name.Name == NativeAssembly || File.Exists(Path.Combine(FrameworkFolder, name.Name + ".dll"));
}
