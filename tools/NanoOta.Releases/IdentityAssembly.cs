using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The identity of a firmware, and the keys that it trusts.</summary>
/// <param name="Product">Product that releases must be for.</param>
/// <param name="Board">Id of the board that releases must be for.</param>
/// <param name="Version">Version of the firmware, for people.</param>
/// <param name="TrustedKeys">Keys that may sign releases.</param>
public sealed record AppIdentity(string Product, string Board, string Version, IReadOnlyList<PublicKey> TrustedKeys)
{
    /// <summary>The board's properties in the firmware.</summary>
    public BoardHardware Hardware { get; init; } = BoardHardware.None;

    /// <summary>The identity of firmware for a board.</summary>
    public static AppIdentity For(Board board, string product, string version, IReadOnlyList<PublicKey> trustedKeys) =>
        new(product, board.Id, version, trustedKeys) { Hardware = BoardHardware.Of(board) };
}

/// <summary>Makes the assembly that replaces the default <c>agent/NanoOta.Identity</c>: the same name and public surface, other values. The
/// same identity gives the same bytes.</summary>
public static class IdentityAssembly
{
    /// <summary>Name of the assembly.</summary>
    public const string Name = "NanoOta.Identity";

    private const MethodAttributes PublicStatic = MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.HideBySig;

    private const TypeAttributes StaticClass =
        TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit;

    // Replaces the time of the build; the highest bit means that it is no time.
    private static readonly BlobContentId NoTime = new(Guid.Empty, 0x80000000);

    /// <summary>Makes the assembly.</summary>
    /// <param name="identity">The values that it returns.</param>
    /// <param name="version">Version of the assembly that it replaces.</param>
    public static byte[] Create(AppIdentity identity, Version version)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Name) { Version = version }, typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(Name + ".dll");
        var type = module.DefineType("NanoOta.FirmwareIdentity", StaticClass);
        DefineText(type, "Product", identity.Product);
        DefineText(type, "Board", identity.Board);
        DefineText(type, "Version", identity.Version);
        DefineKeys(type, [.. identity.TrustedKeys.Select(key => key.Base64).Distinct()]);
        type.CreateType();
        var board = module.DefineType("NanoOta.FirmwareBoard", StaticClass);
        DefineText(board, "Chip", identity.Hardware.Chip);
        DefineNumber(board, "LedPin", identity.Hardware.LedPin);
        DefineNumber(board, "SupplyChannel", identity.Hardware.SupplyChannel);
        DefineNumber(board, "SupplyFullScale", identity.Hardware.SupplyFullScale);
        DefineNumber(board, "SupplyDownload", identity.Hardware.SupplyDownload);
        DefineNumber(board, "SupplyWrite", identity.Hardware.SupplyWrite);
        DefineNumber(board, "SupplyActivate", identity.Hardware.SupplyActivate);
        board.CreateType();
        return Serialize(assembly);
    }

    private static void DefineNumber(TypeBuilder type, string name, int value)
    {
        var il = type.DefineMethod(name, PublicStatic, typeof(int), null).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, value);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineText(TypeBuilder type, string name, string value)
    {
        var il = type.DefineMethod(name, PublicStatic, typeof(string), null).GetILGenerator();
        il.Emit(OpCodes.Ldstr, value);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineKeys(TypeBuilder type, string[] keys)
    {
        var il = type.DefineMethod("TrustedKeys", PublicStatic, typeof(string[]), null).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, keys.Length);
        il.Emit(OpCodes.Newarr, typeof(string));
        for (int i = 0; i < keys.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldstr, keys[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Ret);
    }

    private static byte[] Serialize(PersistedAssemblyBuilder assembly)
    {
        var metadata = assembly.GenerateMetadata(out var il, out var fields);
        var header = new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage | Characteristics.Dll);
        var pe = new ManagedPEBuilder(header, new MetadataRootBuilder(metadata), il, fields, deterministicIdProvider: _ => NoTime);
        var blob = new BlobBuilder();
        pe.Serialize(blob);
        byte[] dll = blob.ToArray();
        SetModuleId(dll);
        return dll;
    }

    // The builder gives every module a random id, so every image of the same app would differ.
    private static void SetModuleId(byte[] dll)
    {
        using var pe = new PEReader(new MemoryStream(dll));
        var metadata = pe.GetMetadataReader();
        int offset = pe.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Guid)
            + 16 * (metadata.GetHeapOffset(metadata.GetModuleDefinition().Mvid) - 1);
        var id = dll.AsSpan(offset, 16);
        id.Clear();
        SHA256.HashData(dll).AsSpan(0, 16).CopyTo(id);
    }
}
