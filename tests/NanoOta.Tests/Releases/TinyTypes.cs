namespace NanoOta.Tests.Releases;

/// <summary>A type of a <see cref="TinyPe"/>. Types are numbered in their order, from 0.</summary>
/// <param name="Space">Namespace.</param>
/// <param name="Name">Name.</param>
internal sealed record TinyType(string Space, string Name)
{
    /// <summary>No number: of no type around it, or no base type.</summary>
    public const int None = 0xFFFF;

    /// <summary>The number of the base type, or 0x8000 and the number of a <see cref="TinyReference"/>.</summary>
    public int Extends { get; init; } = None;

    /// <summary>The number of the type around it.</summary>
    public int Enclosing { get; init; } = None;

    /// <summary>Name and signature of each method.</summary>
    public (string Name, byte[] Signature)[] Methods { get; init; } = [];

    /// <summary>Name and signature of each static field.</summary>
    public (string Name, byte[] Signature)[] StaticFields { get; init; } = [];

    /// <summary>Name and signature of each field of an instance.</summary>
    public (string Name, byte[] Signature)[] Fields { get; init; } = [];
}

/// <summary>A type of another assembly that a <see cref="TinyPe"/> uses, and what it uses of it.</summary>
/// <param name="Scope">Number of the needed assembly, or 0x8000 and the number of the reference to the type around it.</param>
/// <param name="Space">Namespace.</param>
/// <param name="Name">Name.</param>
internal sealed record TinyReference(int Scope, string Space, string Name)
{
    /// <summary>Name and signature of each method.</summary>
    public (string Name, byte[] Signature)[] Methods { get; init; } = [];

    /// <summary>Name and signature of each field.</summary>
    public (string Name, byte[] Signature)[] Fields { get; init; } = [];
}
