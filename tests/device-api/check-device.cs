#:package Mono.Cecil
#:property Nullable=disable
#:property PublishAot=false
// check-device.cs: compiles C# device code against the reference assemblies that make-refs.cs writes,
// then looks in the result for what compiles but cannot run on a device.
//
//   dotnet run check-device.cs -- --refs DIR --out FILE.dll [options] FILE.cs|DIR...
//
//   --absent M.dll    assembly that marks the types of mscorlib that the device does not have; without it: that of DIR
//   --use A,B         reference only these of DIR (mscorlib always); without it: all but nanoFramework.TestFramework
//   -r X.dll          one more reference (repeatable)
//   -define:A;B       more symbols (NANOFRAMEWORK_1_0 always)
//   -exe  -unsafe     as the compiler's -target:exe, -unsafe+
//   -langversion:V    default 9.0
//   --strict          warnings of the device check fail too
//
// Exit status: 0 good, the compiler's status if it fails, 3 something the device cannot take, 2 wrong use.
// A DIR gives all its *.cs files, except those below folders called bin and obj.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

string refs = null, absent = null, output = null, use = null, defines = "NANOFRAMEWORK_1_0", language = "9.0", target = "library";
bool isUnsafe = false, strict = false;
var sources = new List<string>();
var extra = new List<string>();
for (int i = 0; i < args.Length; i++)
{
    string a = args[i];
    string Next() => i + 1 < args.Length ? args[++i] : Usage($"{a} needs a value");
    if (a == "--refs") refs = Next();
    else if (a == "--absent") absent = Next();
    else if (a == "--out") output = Next();
    else if (a == "--use") use = Next();
    else if (a == "--strict") strict = true;
    else if (a == "-r") extra.Add(Next());
    else if (a == "-exe") target = "exe";
    else if (a == "-unsafe") isUnsafe = true;
    else if (a.StartsWith("-define:")) defines += ";" + a[8..];
    else if (a.StartsWith("-langversion:")) language = a[13..];
    else if (a.StartsWith('-')) Usage($"unknown option {a}");
    else if (Directory.Exists(a)) sources.AddRange(SourcesBelow(a));
    else if (File.Exists(a)) sources.Add(a);
    else Usage($"no such file or folder: {a}");
}
if (refs == null || output == null || sources.Count == 0) Usage("--refs, --out and a source are needed");

// ---- compile ---------------------------------------------------------------------------------------------------

var wanted = use?.Split(',', StringSplitOptions.RemoveEmptyEntries).Append("mscorlib").ToHashSet();
var references = Directory.GetFiles(refs, "*.dll").OrderBy(f => f, StringComparer.Ordinal)
    .Where(f => Path.GetFileNameWithoutExtension(f) is var n && (wanted?.Contains(n) ?? n != "nanoFramework.TestFramework")).ToList();
var missing = (wanted ?? ["mscorlib"]).Except(references.Select(Path.GetFileNameWithoutExtension)).ToList();
if (missing.Count > 0) Usage($"not in {refs}: {string.Join(", ", missing)}");
references.AddRange(extra);

// the runtime that runs this program lies at ROOT/shared/NAME/VERSION, the compiler at ROOT/sdk/VERSION/Roslyn/bincore
var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
var csc = Directory.GetDirectories(Path.Combine(root, "sdk"))
    .Select(d => Path.Combine(d, "Roslyn", "bincore", "csc.dll")).Where(File.Exists)
    .MaxBy(f => Version.TryParse(f.Split(Path.DirectorySeparatorChar)[^4].Split('-')[0], out var version) ? version : new Version());
if (csc == null) Usage($"no Roslyn compiler below {root}");

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output)));
var response = Path.ChangeExtension(output, ".rsp");
File.WriteAllLines(response, new[]
{
    "-nostdlib+", "-nologo", "-deterministic+", "-optimize+", "-debug:portable", "-utf8output", "-warnaserror-",
    $"-langversion:{language}", $"-target:{target}",
    $"-unsafe{(isUnsafe ? "+" : "-")}", $"-define:{defines}", $"-out:\"{output}\"",
}.Concat(references.Select(r => $"-r:\"{r}\"")).Concat(sources.Select(s => $"\"{s}\"")));
var start = new ProcessStartInfo(Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
foreach (var a in new[] { "exec", csc, "-noconfig", "@" + response }) start.ArgumentList.Add(a);
using (var compiler = Process.Start(start))
{
    compiler.WaitForExit();
    if (compiler.ExitCode != 0) return compiler.ExitCode;
}

// ---- check -----------------------------------------------------------------------------------------------------

// The first of a name is taken.
var check = new DeviceCheck(output, absent == null ? references : references.Prepend(absent), sources);
check.Run();
foreach (var line in check.Findings) Console.WriteLine(line);
Console.WriteLine($"{Path.GetFileName(output)}: {sources.Count} files, {check.Errors} device errors, {check.Warnings} device warnings");
return check.Errors > 0 || strict && check.Warnings > 0 ? 3 : 0;

static IEnumerable<string> SourcesBelow(string dir) =>
    Directory.GetFiles(dir, "*.cs").OrderBy(f => f, StringComparer.Ordinal)
        .Concat(Directory.GetDirectories(dir).Where(d => Path.GetFileName(d) is not ("bin" or "obj"))
            .OrderBy(d => d, StringComparer.Ordinal).SelectMany(SourcesBelow));

static string Usage(string message)
{
    Console.Error.WriteLine($"check-device: {message}\n"
        + "usage: dotnet run check-device.cs -- --refs DIR --out FILE.dll [--absent M.dll] [--use A,B] [-r X.dll] [-define:A;B] "
        + "[-exe] [-unsafe] [-langversion:V] [--strict] FILE.cs|DIR...");
    Environment.Exit(2);
    return null;
}

/// <summary>Walks a compiled assembly; a finding is "FILE(LINE): error|warning: TYPE MEMBER: what".</summary>
class DeviceCheck
{
    readonly AssemblyDefinition assembly;
    readonly List<string> sources;
    readonly SortedSet<string> findings = new(StringComparer.Ordinal);
    TypeDefinition type;
    string member;
    string place;          // file and line of the instruction, or the file of the type

    public IEnumerable<string> Findings => findings;
    public int Errors => findings.Count(f => f.Contains(": error: "));
    public int Warnings => findings.Count - Errors;

    public DeviceCheck(string path, IEnumerable<string> references, List<string> sources)
    {
        this.sources = sources;
        var resolver = new ListResolver(references);
        assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters
        {
            AssemblyResolver = resolver, ReadSymbols = true, SymbolReaderProvider = new PortablePdbReaderProvider(),
        });
    }

    public void Run()
    {
        foreach (var t in assembly.MainModule.GetTypes())
        {
            type = t;
            if (t.Name == "<Module>" || MadeByCompiler(t)) continue;
            CheckType(t);
            foreach (var m in t.Methods) CheckMethod(m);
        }
    }

    /// <summary>The attribute types that the compiler itself puts into an assembly; the metadata processor leaves them out.</summary>
    static bool MadeByCompiler(TypeDefinition t) => IsMarked(t, "Microsoft.CodeAnalysis.EmbeddedAttribute");

    static bool IsMarked(TypeDefinition t, string attribute) => t.CustomAttributes.Any(a => a.AttributeType.FullName == attribute);

    void Error(string what) => Report("error", what);
    void Report(string level, string what) => findings.Add($"{place}: {level}: {type.FullName} {member}: {what}");

    void CheckType(TypeDefinition t)
    {
        place = FileOf(t);
        member = "(type)";
        if (t.HasGenericParameters) Error("generic type");
        if (t.Name.Contains(">d__")) Error("async method or iterator");
        CheckReference(t.BaseType);
        foreach (var i in t.Interfaces) CheckReference(i.InterfaceType);
        // the device image counts each of the three kinds in a byte
        var kinds = t.Methods.GroupBy(m => m.IsVirtual ? "virtual" : m.IsStatic ? "static" : "instance");
        foreach (var k in kinds.Where(k => k.Count() > 255)) Error($"{k.Count()} {k.Key} methods, more than 255");
        foreach (var f in t.Fields) { member = f.Name; CheckReference(f.FieldType); }
    }

    void CheckMethod(MethodDefinition m)
    {
        member = m.Name;
        place = m.DebugInformation.SequencePoints.FirstOrDefault(p => !p.IsHidden) is { } first ? At(first) : FileOf(type);
        if (m.HasGenericParameters) Error("generic method");
        if (m.CallingConvention == MethodCallingConvention.VarArg) Error("__arglist");
        if (m.IsPInvokeImpl) Error("DllImport");
        if (type.IsInterface && !m.IsAbstract && !m.IsStatic) Error("interface method with a body");
        CheckReference(m.ReturnType);
        foreach (var p in m.Parameters) CheckReference(p.ParameterType);
        if (!m.HasBody) return;
        foreach (var v in m.Body.Variables)
        {
            if (v.VariableType.IsPointer) Error($"pointer variable of type {v.VariableType.FullName}");
            CheckReference(v.VariableType);
        }
        if (m.Body.CodeSize > short.MaxValue) Error($"{m.Body.CodeSize} bytes of code: branches reach 32767");
        foreach (var h in m.Body.ExceptionHandlers) CheckReference(h.CatchType);
        foreach (var i in m.Body.Instructions)
        {
            if (m.DebugInformation.GetSequencePoint(i) is { IsHidden: false } point) place = At(point);
            switch (i.OpCode.Code)
            {
                case Code.Localloc: Error("stackalloc"); break;
                case Code.Calli: Error("call through a function pointer"); break;
                case Code.Arglist or Code.Mkrefany or Code.Refanyval or Code.Refanytype: Error("__arglist or __makeref"); break;
                case Code.Switch when ((Instruction[])i.Operand).Length > 255: Error("switch table of more than 255 entries"); break;
            }
            switch (i.Operand)
            {
                case TypeReference t: CheckReference(t, isToken: true); break;
                case FieldReference f: CheckReference(f.DeclaringType, isToken: true); CheckReference(f.FieldType); break;
                case MethodReference r:
                    if (r is GenericInstanceMethod) Error($"call of the generic method {r.FullName}");
                    CheckReference(r.DeclaringType, isToken: true);
                    CheckReference(r.ReturnType);
                    foreach (var p in r.Parameters) CheckReference(p.ParameterType);
                    break;
            }
        }
    }

    /// <summary>isToken: the reference stands alone, so that a primitive type is looked up as a type on the device.</summary>
    void CheckReference(TypeReference t, bool isToken = false)
    {
        switch (t)
        {
            case null or GenericParameter: return;
            case RequiredModifierType or OptionalModifierType:
                Error($"modifier {((IModifierType)t).ModifierType.FullName} (volatile, in of a virtual method)");
                break;
            case FunctionPointerType: Error("function pointer"); return;
            case ArrayType { Rank: > 1 }: Error($"multidimensional array {t.FullName}"); break;
            case GenericInstanceType g:
                bool isOfCore = g.ElementType.Scope.Name is "mscorlib" or "mscorlib.dll";
                if (isOfCore && g.ElementType.Resolve() is { BaseType.FullName: "System.MulticastDelegate" })
                    Report("warning", $"generic delegate {g.FullName}: declare an own delegate type instead");
                else Error($"generic type {g.FullName}");
                foreach (var a in g.GenericArguments) CheckReference(a);
                break;
        }
        if (t is TypeSpecification s) { CheckReference(s.ElementType is { HasGenericParameters: true } ? null : s.ElementType); return; }
        if (t.FullName == "System.Decimal") Error("decimal");
        if (!isToken && t.IsPrimitive || t.Scope == assembly.MainModule) return;
        if (t.Resolve() is { } d && IsMarked(d, "System.Runtime.CompilerServices.ExcludeTypeAttribute"))
            Error($"{t.FullName} exists for the compiler only, the device has no such type");
    }

    static string At(SequencePoint p) => $"{p.Document.Url}({p.StartLine})";

    /// <summary>The source file of a type: that of a line of its methods, else the one with text that declares the name.</summary>
    string FileOf(TypeDefinition t)
    {
        while (t.DeclaringType != null && t.Name.StartsWith('<')) t = t.DeclaringType;
        foreach (var m in t.Methods.Concat(t.NestedTypes.SelectMany(n => n.Methods)))
            if (m.DebugInformation.SequencePoints.FirstOrDefault(p => !p.IsHidden) is { } point) return point.Document.Url;
        var declaration = new Regex($@"\b(class|struct|interface|enum|delegate\s[^;]*?)\s+{Regex.Escape(t.Name.Split('`')[0])}\b");
        return sources.FirstOrDefault(f => declaration.IsMatch(File.ReadAllText(f))) is { } file ? Path.GetFullPath(file) : "?";
    }

    /// <summary>Finds the referenced assemblies, by name, among the files given.</summary>
    class ListResolver(IEnumerable<string> files) : IAssemblyResolver
    {
        readonly Dictionary<string, AssemblyDefinition> loaded = [];

        public AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            if (loaded.TryGetValue(name.Name, out var known)) return known;
            var file = files.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) == name.Name);
            if (file == null) return loaded[name.Name] = null;
            return loaded[name.Name] = AssemblyDefinition.ReadAssembly(file, new ReaderParameters { AssemblyResolver = this });
        }
        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);
        public void Dispose() { }
    }
}
