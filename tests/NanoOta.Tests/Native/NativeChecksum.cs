using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Text;

namespace NanoOta.Tests.Native;

/// <summary>A method of an interop assembly: the class is null for a method that has a managed body.</summary>
internal sealed record InteropMethod(string? Class, string Name);

/// <summary>
/// The methods of an interop assembly in table order, and the checksum by which nanoCLR binds them to the firmware: as
/// nanoFramework's metadata processor computes it, quirk included.
/// </summary>
internal sealed record NativeChecksum(string Assembly, IReadOnlyList<InteropMethod> Methods)
{
    /// <summary>The checksum; 0 without native methods.</summary>
    public uint Compute()
    {
        uint crc = 0;
        bool any = false; // the quirk: until a native method is complete, every run begins with 0
        foreach (var method in Methods)
        {
            string[] texts = method.Class == null ? ["NULL"] : [Assembly, method.Class, method.Name];
            foreach (var text in texts) crc = Add(any ? crc : 0, text);
            any |= method.Class != null;
        }

        return any ? crc : 0;
    }

    /// <summary>The description of a compiled assembly.</summary>
    public static NativeChecksum Read(MetadataReader reader) => new(
        reader.GetString(reader.GetAssemblyDefinition().Name),
        [.. reader.MethodDefinitions.Select(handle => Describe(reader, reader.GetMethodDefinition(handle)))]);

    private static InteropMethod Describe(MetadataReader reader, MethodDefinition method)
    {
        var name = reader.GetString(method.Name);
        bool isAbstract = method.Attributes.HasFlag(MethodAttributes.Abstract);
        if (method.RelativeVirtualAddress != 0 || isAbstract) return new InteropMethod(null, name);
        var type = reader.GetTypeDefinition(method.GetDeclaringType());
        var owner = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}".Replace('.', '_');
        var signature = method.DecodeSignature(new TypeNames(), null);
        var kind = method.Attributes.HasFlag(MethodAttributes.Static) ? "___STATIC__" : "___";
        var types = signature.ParameterTypes.Prepend(signature.ReturnType);
        return new InteropMethod(owner, name + kind + string.Join("__", types));
    }

    private static uint Add(uint crc, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return Checksum.AssemblyCrc(crc, bytes, 0, bytes.Length);
    }

    /// <summary>Types as the metadata processor names them; others are not used in interop assemblies.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode type) => type switch
        {
            PrimitiveTypeCode.SByte => "I1",
            PrimitiveTypeCode.Byte => "U1",
            PrimitiveTypeCode.Int16 => "I2",
            PrimitiveTypeCode.UInt16 => "U2",
            PrimitiveTypeCode.Int32 => "I4",
            PrimitiveTypeCode.UInt32 => "U4",
            PrimitiveTypeCode.Int64 => "I8",
            PrimitiveTypeCode.UInt64 => "U8",
            PrimitiveTypeCode.Single => "R4",
            PrimitiveTypeCode.Double => "R8",
            PrimitiveTypeCode.Boolean or PrimitiveTypeCode.Char or PrimitiveTypeCode.String or PrimitiveTypeCode.Void
                or PrimitiveTypeCode.Object => type.ToString().ToUpperInvariant(),
            _ => throw Unknown(type.ToString()),
        };

        public string GetSZArrayType(string elementType) => "SZARRAY_" + elementType;

        public string GetByReferenceType(string elementType) => "BYREF_" + elementType;

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            throw Unknown("a type of its own");

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            throw Unknown(reader.GetString(reader.GetTypeReference(handle).Name));

        public string GetTypeFromSpecification(
            MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            throw Unknown("a generic type");

        public string GetArrayType(string elementType, ArrayShape shape) => throw Unknown("a matrix");

        public string GetFunctionPointerType(MethodSignature<string> signature) => throw Unknown("a function pointer");

        public string GetGenericInstantiation(string type, ImmutableArray<string> arguments) =>
            throw Unknown("a generic type");

        public string GetGenericMethodParameter(object? context, int index) => throw Unknown("a type parameter");

        public string GetGenericTypeParameter(object? context, int index) => throw Unknown("a type parameter");

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
            throw Unknown("a modified type");

        public string GetPinnedType(string elementType) => throw Unknown("a pinned type");

        public string GetPointerType(string elementType) => throw Unknown("a pointer");

        private static NotSupportedException Unknown(string what) => new($"{what} in the signature of a native method");
    }
}
