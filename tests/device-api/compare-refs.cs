#:package Mono.Cecil
#:property Nullable=disable
#:property PublishAot=false
// compare-refs.cs: what a consumer can see of two assemblies, and where they differ.
//
//   dotnet run compare-refs.cs -- MADE.dll REAL.dll
//
// Exit status: 0 no difference, 1 differences, each printed, 2 wrong use.
// Not compared: method bodies, attributes, names of assembly references.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

if (args.Length != 2 || args.FirstOrDefault(f => !File.Exists(f)) is { } || args[0] == args[1])
{
    Console.Error.WriteLine("usage: dotnet run compare-refs.cs -- MADE.dll REAL.dll");
    return 2;
}

var (made, real) = (Surface.Of(args[0]), Surface.Of(args[1]));
foreach (var fact in made.Except(real)) Console.WriteLine($"only in {args[0]}: {fact}");
foreach (var fact in real.Except(made)) Console.WriteLine($"only in {args[1]}: {fact}");
Console.WriteLine($"{Path.GetFileName(args[1])}: {real.Count} facts compared");
return made.SetEquals(real) ? 0 : 1;

/// <summary>An assembly as lines of text, one for each fact that a compiler goes by.</summary>
static class Surface
{
    const MethodAttributes Compared = MethodAttributes.MemberAccessMask | MethodAttributes.Static | MethodAttributes.Virtual
        | MethodAttributes.Abstract | MethodAttributes.Final | MethodAttributes.SpecialName;

    public static SortedSet<string> Of(string file)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        var facts = new SortedSet<string>(StringComparer.Ordinal) { assembly.Name.FullName };
        foreach (var type in assembly.MainModule.GetTypes().Where(IsVisible)) facts.UnionWith(Of(type));
        return facts;
    }

    static IEnumerable<string> Of(TypeDefinition type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var flags = type.Attributes & (TypeAttributes.VisibilityMask | TypeAttributes.Abstract | TypeAttributes.Sealed);
        yield return $"{flags} {kind} {type.FullName}{Generics(type)} : {type.BaseType?.FullName}";
        foreach (var i in type.Interfaces.Select(i => i.InterfaceType.FullName)) yield return $"{type.FullName} is {i}";
        foreach (var f in type.Fields.Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly)) yield return Of(f);
        foreach (var m in type.Methods.Where(IsVisible)) yield return Of(m);
        foreach (var e in type.Events.Where(e => IsVisible(e.AddMethod))) yield return $"event {e.FullName}";
        foreach (var p in type.Properties.Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod)))
            yield return $"property {p.FullName} get {IsVisible(p.GetMethod)} set {IsVisible(p.SetMethod)}";
    }

    static string Of(FieldDefinition f) => $"{f.Attributes & ~FieldAttributes.HasFieldRVA} {f.FullName} = {f.Constant}";

    static string Of(MethodDefinition m) => $"{m.Attributes & Compared} {m.ReturnType.FullName} "
        + $"{m.DeclaringType.FullName}.{m.Name}{Generics(m)}({string.Join(", ", m.Parameters.Select(Of))})";

    static string Of(ParameterDefinition p) => string.Concat(p.CustomAttributes.Select(a => a.AttributeType.Name + " "))
        + $"{p.Attributes & (ParameterAttributes.Out | ParameterAttributes.In | ParameterAttributes.Optional)} "
        + $"{p.ParameterType.FullName} {p.Name}{(p.HasConstant ? $" = {p.Constant ?? "null"}" : "")}";

    static bool IsVisible(MethodDefinition m) => m is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    static bool IsVisible(TypeDefinition t) => t.IsNested
        ? (t.IsNestedPublic || t.IsNestedFamily || t.IsNestedFamilyOrAssembly) && IsVisible(t.DeclaringType)
        : t.IsPublic;

    static string Generics(IGenericParameterProvider p) => p.HasGenericParameters
        ? $"<{string.Join(",", p.GenericParameters.Select(g => $"{g.Attributes} {g.Name}"))}>"
        : "";
}
