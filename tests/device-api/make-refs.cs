#:package Mono.Cecil
#:property Nullable=disable
#:property PublishAot=false
// make-refs.cs: turns API data files into reference assemblies the C# compiler accepts.
//
//   dotnet run make-refs.cs -- DATA_DIR OUT_DIR
//
// DATA_DIR holds NAME.api.tsv files (format: README.md); OUT_DIR gets NAME.dll for each.
// Every method body is "throw null"; only what a consumer can see is there.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

if (args.Length != 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: dotnet run make-refs.cs -- DATA_DIR OUT_DIR");
    return 2;
}

try
{
    var set = new ApiSet();
    foreach (var file in Directory.GetFiles(args[0], "*.api.tsv").OrderBy(f => f, StringComparer.Ordinal)) set.Load(file);
    foreach (var api in set.All) api.DefineTypes();   // all types first: bases and members may name any of them
    foreach (var api in set.All) api.DefineBases();   // then all bases: they tell value types from classes in signatures
    foreach (var api in set.All) api.DefineMembers();
    Directory.CreateDirectory(args[1]);
    foreach (var api in set.All) api.Write(args[1]);
    Console.WriteLine($"{set.All.Count()} reference assemblies in {args[1]}");
    return 0;
}
catch (ApiException e) { Console.Error.WriteLine("make-refs: " + e.Message); return 1; }

class ApiException(string message) : Exception(message);

/// <summary>All data files together; also resolves one generated assembly from another.</summary>
class ApiSet : IAssemblyResolver
{
    readonly Dictionary<string, Api> byName = new(StringComparer.Ordinal);
    public IEnumerable<Api> All => byName.Values;

    public void Load(string path) { var api = new Api(this, path); byName.Add(api.Name, api); }
    public Api Find(string name, string wantedBy) =>
        byName.TryGetValue(name, out var api) ? api : throw new ApiException($"{wantedBy} references {name}, which has no data file");

    public AssemblyDefinition Resolve(AssemblyNameReference name) => Find(name.Name, "a type").Assembly;
    public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);
    public void Dispose() { }
}

/// <summary>One data file and the assembly built from it.</summary>
class Api
{
    public string Name { get; }
    public AssemblyDefinition Assembly { get; }

    readonly ApiSet set;
    readonly string file;
    readonly List<string[]> lines = [];
    readonly ModuleDefinition module;
    readonly Dictionary<string, TypeDefinition> defined = new(StringComparer.Ordinal);      // by name, e.g. "N.Outer/Inner`1"
    readonly Dictionary<string, TypeReference> imported = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> enumBase = new(StringComparer.Ordinal);
    readonly Dictionary<string, TypeReference> keyword;
    int at;                                                                                 // line being read, for messages

    bool IsCore => Name == "mscorlib";

    public Api(ApiSet set, string path)
    {
        this.set = set;
        file = Path.GetFileName(path);
        var text = File.ReadAllText(path);
        lines.AddRange(text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0).Select(l => l.Split('\t')));
        if (lines.Count == 0 || lines[0][0] != "assembly" || lines[0].Length < 4)
            throw Bad("the first line must be: assembly NAME VERSION PUBLIC_KEY");

        Name = lines[0][1];
        var name = new AssemblyNameDefinition(Name, Version.Parse(lines[0][2])) { PublicKey = Convert.FromHexString(lines[0][3]) };
        var parameters = new ModuleParameters { Kind = ModuleKind.Dll, Runtime = TargetRuntime.Net_4_0, AssemblyResolver = set };
        // Cecil reads the primitive types of a module called mscorlib from that module, which is still empty:
        // build it under another name, so that they come as plain references (a signature needs no more).
        var bootName = IsCore ? new AssemblyNameDefinition("core", name.Version) : name;
        Assembly = AssemblyDefinition.CreateAssembly(bootName, Name + ".dll", parameters);
        module = Assembly.MainModule;
        module.Mvid = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));  // same data, same file
        foreach (var l in lines.Where(l => l[0] == "reference"))
            module.AssemblyReferences.Add(new AssemblyNameReference(l[1], Version.Parse(l[2])));

        var ts = module.TypeSystem;
        keyword = new()
        {
            ["void"] = ts.Void, ["bool"] = ts.Boolean, ["char"] = ts.Char, ["sbyte"] = ts.SByte, ["byte"] = ts.Byte,
            ["short"] = ts.Int16, ["ushort"] = ts.UInt16, ["int"] = ts.Int32, ["uint"] = ts.UInt32, ["long"] = ts.Int64,
            ["ulong"] = ts.UInt64, ["float"] = ts.Single, ["double"] = ts.Double,
            ["string"] = ts.String, ["object"] = ts.Object, ["nint"] = ts.IntPtr, ["nuint"] = ts.UIntPtr,
        };
        if (IsCore) { module.AssemblyReferences.Clear(); Assembly.Name = name; }
    }

    ApiException Bad(string what) => new($"{file}:{at + 1}: {what}");

    // ---- types -------------------------------------------------------------------------------------------------

    public void DefineTypes()
    {
        foreach (var r in module.AssemblyReferences) r.PublicKeyToken = set.Find(r.Name, Name).Assembly.Name.PublicKeyToken;
        for (at = 0; at < lines.Count; at++)
        {
            var l = lines[at];
            if (l[0] != "type") continue;
            var (full, generics) = SplitGenerics(l[2]);
            var mods = l[1].Split(' ');
            int slash = full.LastIndexOf('/'), dot = full.LastIndexOf('.');
            var t = slash >= 0 ? new TypeDefinition("", full[(slash + 1)..], Flags(mods, true))
                  : new TypeDefinition(dot < 0 ? "" : full[..dot], full[(dot + 1)..], Flags(mods, false));
            AddGenerics(t, generics);
            if (slash < 0) module.Types.Add(t);
            else if (defined.TryGetValue(full[..slash], out var outer)) outer.NestedTypes.Add(t);
            else throw Bad("the outer type must come first");
            if (!defined.TryAdd(full, t)) throw Bad("second definition of " + full);
            if (mods[^1] == "enum") enumBase[full] = l[3];
        }
    }

    public void DefineBases()
    {
        for (at = 0; at < lines.Count; at++)
        {
            var l = lines[at];
            if (l[0] != "type") continue;
            defined[SplitGenerics(l[2]).name].BaseType = l[1].Split(' ')[^1] switch
            {
                "interface" => null,
                "struct" => Token("System.ValueType"),
                "enum" => Token("System.Enum"),
                "delegate" => Token("System.MulticastDelegate"),
                _ => l[3] == "" ? null : Token(l[3]),
            };
        }
    }

    static TypeAttributes Flags(string[] mods, bool nested)
    {
        var a = mods[0] switch
        {
            "public" => nested ? TypeAttributes.NestedPublic : TypeAttributes.Public,
            "protected" => TypeAttributes.NestedFamily,
            "protected-internal" => TypeAttributes.NestedFamORAssem,
            _ => nested ? TypeAttributes.NestedAssembly : TypeAttributes.NotPublic,
        };
        if (mods.Contains("abstract") || mods.Contains("static")) a |= TypeAttributes.Abstract;
        if (mods.Contains("sealed") || mods.Contains("static")) a |= TypeAttributes.Sealed;
        return a | mods[^1] switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "struct" => TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
            "enum" or "delegate" => TypeAttributes.Sealed,
            _ => 0,
        };
    }

    /// <summary>"Func`2&lt;-T,+TResult&gt;" or "Max&lt;T&gt;": the name, and its type parameters.</summary>
    static (string name, string[] generics) SplitGenerics(string s)
    {
        int i = s.IndexOf('<');
        return i < 0 ? (s, []) : (s[..i], s[(i + 1)..^1].Split(','));
    }

    static void AddGenerics(IGenericParameterProvider owner, string[] names)
    {
        foreach (var n in names)
            owner.GenericParameters.Add(new GenericParameter(n.TrimStart('+', '-'), owner)
            {
                Attributes = n[0] switch
                {
                    '+' => GenericParameterAttributes.Covariant,
                    '-' => GenericParameterAttributes.Contravariant,
                    _ => 0,
                },
            });
    }

    TypeReference FindType(string name) =>
        defined.TryGetValue(name, out var own) ? own : imported.TryGetValue(name, out var known) ? known : imported[name] = Import(name);

    TypeReference Import(string name)
    {
        foreach (var r in module.AssemblyReferences)
            if (set.Find(r.Name, Name).defined.TryGetValue(name, out var d)) return Import(d, r);
        throw Bad($"type {name} is neither here nor in a referenced assembly");
    }

    TypeReference Import(TypeDefinition d, IMetadataScope scope)
    {
        bool isValue = d.IsValueType;
        var t = new TypeReference(d.Namespace, d.Name, module, scope, isValue);
        if (d.DeclaringType != null) t.DeclaringType = Import(d.DeclaringType, scope);
        foreach (var g in d.GenericParameters) t.GenericParameters.Add(new GenericParameter(g.Name, t));
        return t;
    }

    /// <summary>A type as a base class, an interface or an attribute names it: never as a primitive of a signature.</summary>
    TypeReference Token(string name) => FindType(name == "object" ? "System.Object" : name);

    /// <summary>A type in a signature. !N and !!N are type parameters of the type and of the method.</summary>
    TypeReference Parse(string s, TypeReference type, MethodReference method)
    {
        int i = 0;
        var t = ParseAt(s, ref i, type, method);
        return i == s.Length ? t : throw Bad($"cannot read the type '{s}'");
    }

    TypeReference ParseAt(string s, ref int i, TypeReference type, MethodReference method)
    {
        int start = i;
        while (i < s.Length && !"<>,[]*".Contains(s[i])) i++;
        var name = s[start..i];
        TypeReference t = name.StartsWith("!!") ? method.GenericParameters[int.Parse(name[2..])]
            : name.StartsWith('!') ? type.GenericParameters[int.Parse(name[1..])]
            : keyword.TryGetValue(name, out var k) ? k : FindType(name);
        if (i < s.Length && s[i] == '<')
        {
            var g = new GenericInstanceType(t);
            do { i++; g.GenericArguments.Add(ParseAt(s, ref i, type, method)); } while (i < s.Length && s[i] == ',');
            i++; // '>'
            t = g;
        }
        while (i < s.Length && s[i] is '[' or '*')
        {
            if (s[i++] == '*') { t = new PointerType(t); continue; }
            int rank = 1;
            while (s[i] == ',') { rank++; i++; }
            i++; // ']'
            t = rank == 1 ? new ArrayType(t) : new ArrayType(t, rank);
        }
        return t;
    }

    TypeReference ParseReturn(string s, TypeReference type, MethodReference method) =>
        s.StartsWith("ref ") ? new ByReferenceType(Parse(s[4..], type, method)) : Parse(s, type, method);

    // ---- members -----------------------------------------------------------------------------------------------

    const MethodAttributes SpecialName = MethodAttributes.SpecialName;
    TypeDefinition type;                                         // the type whose members are being read
    bool isInterface, isDelegate;
    readonly Dictionary<string, ICustomAttributeProvider> targets = [];   // what an attr line may name

    public void DefineMembers()
    {
        for (at = 0; at < lines.Count; at++)
        {
            var l = lines[at];
            switch (l[0])
            {
                case "assembly": targets["assembly"] = Assembly; targets["module"] = module; continue;
                case "reference": continue;
                case "absent":
                    type.CustomAttributes.Add(new CustomAttribute(Constructor("System.Runtime.CompilerServices.ExcludeTypeAttribute", [])));
                    continue;
                case "attr": AddAttribute(l); continue;
                case "private":
                    for (int i = 1; i < l.Length; i++) AddField("private" + i, FieldAttributes.Private, Parse(l[i], type, null));
                    continue;
            }
            targets.Clear();
            switch (l[0])
            {
                case "type": BeginType(l); break;
                case "value": AddValue(l); break;
                case "field": AddField(l); break;
                case "method": AddMethod(l); break;
                case "property": AddProperty(l); break;
                case "event": AddEvent(l); break;
                default: throw Bad("unknown line: " + l[0]);
            }
        }
        // an empty struct takes a byte, as the compiler lays it out
        foreach (var t in defined.Values.Where(t => t.IsValueType && !t.IsEnum && t.Fields.All(f => f.IsStatic)))
            (t.ClassSize, t.PackingSize) = (1, 0);
        var mark = FindOrNull("System.Runtime.CompilerServices.ReferenceAssemblyAttribute");
        if (mark == null) return;
        var constructor = new MethodReference(".ctor", keyword["void"], mark) { HasThis = true };
        Assembly.CustomAttributes.Add(new CustomAttribute(constructor));
    }

    TypeReference FindOrNull(string name) => set.Find("mscorlib", Name).defined.ContainsKey(name) ? FindType(name) : null;

    void BeginType(string[] l)
    {
        type = defined[SplitGenerics(l[2]).name];
        targets["."] = type;
        var kind = l[1].Split(' ')[^1];
        isInterface = kind == "interface";
        isDelegate = kind == "delegate";
        foreach (var i in l[4].Split(';', StringSplitOptions.RemoveEmptyEntries))
            type.Interfaces.Add(new InterfaceImplementation(i.Contains('<') ? Parse(i, type, null) : Token(i)));
        const FieldAttributes hidden = FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName;
        if (kind == "enum") AddField("value__", hidden, keyword[l[3]]);
    }

    FieldDefinition AddField(string name, FieldAttributes a, TypeReference t)
    {
        var f = new FieldDefinition(name, a, t);
        type.Fields.Add(f);
        return f;
    }

    void AddValue(string[] l)
    {
        const FieldAttributes constant = FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault;
        var f = AddField(l[1], FieldAttributes.Public | constant, type);
        f.Constant = Constant(type.FullName, l[2]);
        targets["."] = f;
    }

    void AddField(string[] l)
    {
        var mods = l[1].Split(' ');
        var a = mods[0] switch
        {
            "public" => FieldAttributes.Public,
            "protected" => FieldAttributes.Family,
            _ => FieldAttributes.FamORAssem,
        };
        if (mods.Contains("const")) a |= FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault;
        if (mods.Contains("static")) a |= FieldAttributes.Static;
        if (mods.Contains("readonly")) a |= FieldAttributes.InitOnly;
        var f = AddField(l[3], a, Parse(l[2], type, null));
        if (f.IsLiteral) f.Constant = Constant(l[2], l[4]);
        targets["."] = f;
    }

    MethodDefinition NewMethod(string mods, string name, string[] generics = null)
    {
        var m = mods.Split(' ');
        var a = MethodAttributes.HideBySig | m[0] switch
        {
            "public" => MethodAttributes.Public,
            "protected" => MethodAttributes.Family,
            "protected-internal" => MethodAttributes.FamORAssem,
            "internal" => MethodAttributes.Assembly,
            "explicit" => MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot,
            _ => throw Bad("unknown access: " + mods),
        };
        if (m.Contains("static")) a |= MethodAttributes.Static;
        if (m.Contains("abstract")) a |= MethodAttributes.Virtual | MethodAttributes.Abstract;
        if (m.Contains("virtual")) a |= MethodAttributes.Virtual;
        if (m.Contains("final")) a |= MethodAttributes.Virtual | MethodAttributes.Final;
        if ((a & MethodAttributes.Virtual) != 0 && !m.Contains("override")) a |= MethodAttributes.NewSlot;
        if (name is ".ctor") a |= SpecialName | MethodAttributes.RTSpecialName;
        if (name.StartsWith("op_")) a |= SpecialName;

        var method = new MethodDefinition(name, a, keyword["void"]) { HasThis = (a & MethodAttributes.Static) == 0 };
        if (generics != null) AddGenerics(method, generics);
        type.Methods.Add(method);
        if (isDelegate) method.ImplAttributes = MethodImplAttributes.Runtime;
        else if (!method.IsAbstract)
        {
            var il = method.Body.GetILProcessor();
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Throw);
        }
        return method;
    }

    /// <summary>An explicit implementation is called "Interface.Member": says which member it is, once its signature is complete.</summary>
    void LinkExplicit(MethodDefinition m)
    {
        if (!m.IsPrivate) return;
        int dot = m.Name.LastIndexOf('.');
        var target = new MethodReference(m.Name[(dot + 1)..], m.ReturnType, Token(m.Name[..dot])) { HasThis = true };
        foreach (var p in m.Parameters) target.Parameters.Add(new ParameterDefinition(p.ParameterType));
        m.Overrides.Add(target);
    }

    void AddParameters(MethodDefinition m, IEnumerable<string> parameters)
    {
        foreach (var text in parameters)
        {
            var s = text;
            int eq = s.IndexOf(" = ", StringComparison.Ordinal);
            string valueText = eq < 0 ? null : s[(eq + 3)..];
            if (eq >= 0) s = s[..eq];
            var words = s.Split(' ');                       // [params|out|in|ref] TYPE NAME
            string kind = words.Length == 3 ? words[0] : "", typeName = words[^2], name = words[^1];
            var t = Parse(typeName, type, m);
            if (kind is "out" or "in" or "ref") t = new ByReferenceType(t);
            var p = new ParameterDefinition(name, kind == "out" ? ParameterAttributes.Out : kind == "in" ? ParameterAttributes.In : 0, t);
            if (eq >= 0)
            {
                p.Attributes |= ParameterAttributes.Optional | ParameterAttributes.HasDefault;
                p.Constant = Constant(typeName, valueText);
            }
            if (kind == "params") p.CustomAttributes.Add(new CustomAttribute(Constructor("System.ParamArrayAttribute", [])));
            m.Parameters.Add(p);
            targets[name] = p;
        }
    }

    void AddMethod(string[] l)
    {
        var (name, generics) = SplitGenerics(l[3]);
        var m = NewMethod(l[1], name, generics);
        m.ReturnType = ParseReturn(l[2], type, m);
        AddParameters(m, l.Skip(4));
        LinkExplicit(m);
        targets["."] = m;
        targets["return"] = m.MethodReturnType;
    }

    void AddProperty(string[] l)
    {
        var t = ParseReturn(l[1], type, null);
        var p = new PropertyDefinition(l[2], 0, t);
        var get = Accessor(l[3], l[2]);
        var set = Accessor(l[4], l[2]);
        foreach (var m in new[] { get, set })
        {
            if (m == null) continue;
            AddParameters(m, l.Skip(5));
            p.HasThis = m.HasThis;
            if (m == get) { m.ReturnType = t; targets["get"] = m; targets["return"] = m.MethodReturnType; }
            else { m.Parameters.Add(new ParameterDefinition("value", 0, t)); targets["set"] = m; }
            LinkExplicit(m);
        }
        (p.GetMethod, p.SetMethod) = (get, set);
        type.Properties.Add(p);
        targets["."] = p;
    }

    /// <summary>"get public virtual" of the property N: its method get_N; "" is none.</summary>
    MethodDefinition Accessor(string s, string member)
    {
        if (s == "") return null;
        int space = s.IndexOf(' '), dot = member.LastIndexOf('.') + 1;
        var m = NewMethod(s[(space + 1)..], member[..dot] + s[..space] + "_" + member[dot..]);
        m.Attributes |= SpecialName;
        return m;
    }

    void AddEvent(string[] l)
    {
        var t = Parse(l[2], type, null);
        var e = new EventDefinition(l[3], 0, t);
        (e.AddMethod, e.RemoveMethod) = (Accessor("add " + l[1], l[3]), Accessor("remove " + l[1], l[3]));
        foreach (var m in new[] { e.AddMethod, e.RemoveMethod })
        {
            m.Parameters.Add(new ParameterDefinition("value", 0, t));
            LinkExplicit(m);
        }
        type.Events.Add(e);
        targets["."] = e; targets["add"] = e.AddMethod; targets["remove"] = e.RemoveMethod;
    }

    // ---- constants and attributes ------------------------------------------------------------------------------

    string Underlying(string name)
    {
        if (enumBase.TryGetValue(name, out var own)) return own;
        foreach (var r in module.AssemblyReferences) if (set.Find(r.Name, Name).enumBase.TryGetValue(name, out var other)) return other;
        return name;
    }

    object Constant(string typeName, string s)
    {
        var inv = CultureInfo.InvariantCulture;
        try
        {
            return s == "null" ? null : Underlying(typeName) switch
            {
                "bool" => s == "true", "char" => (char)ushort.Parse(s, inv), "string" => Unquote(s),
                "sbyte" => sbyte.Parse(s, inv), "byte" => byte.Parse(s, inv),
                "short" => short.Parse(s, inv), "ushort" => ushort.Parse(s, inv),
                "int" => int.Parse(s, inv), "uint" => uint.Parse(s, inv), "long" => long.Parse(s, inv), "ulong" => ulong.Parse(s, inv),
                "float" => float.Parse(s, inv), "double" => (object)double.Parse(s, inv),
                _ => throw Bad($"no constant of type {typeName}"),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException) { throw Bad($"'{s}' is no {typeName}"); }
    }

    static string Unquote(string s)
    {
        var b = new StringBuilder();
        for (int i = 1; i < s.Length - 1; i++)
            if (s[i] != '\\') b.Append(s[i]);
            else if (s[++i] != 'u') b.Append(s[i]);
            else { b.Append((char)Convert.ToUInt16(s.Substring(i + 1, 4), 16)); i += 4; }
        return b.ToString();
    }

    MethodReference Constructor(string attributeType, IEnumerable<string> parameterTypes)
    {
        var c = new MethodReference(".ctor", keyword["void"], Token(attributeType)) { HasThis = true };
        foreach (var t in parameterTypes) c.Parameters.Add(new ParameterDefinition(Parse(t, c.DeclaringType, null)));
        return c;
    }

    // attr TARGET TYPE [TYPE:VALUE]... [PROPERTY=TYPE:VALUE]...
    void AddAttribute(string[] l)
    {
        if (!targets.TryGetValue(l[1], out var target)) throw Bad($"nothing here is called '{l[1]}'");
        var values = l.Skip(3).Select(s =>
        {
            int colon = s.IndexOf(':'), eq = s.IndexOf('=');
            string property = eq >= 0 && eq < colon ? s[..eq] : null;
            return (property, type: s[(property == null ? 0 : eq + 1)..colon], text: s[(colon + 1)..]);
        }).ToList();
        var a = new CustomAttribute(Constructor(l[2], values.Where(v => v.property == null).Select(v => v.type)));
        foreach (var v in values)
        {
            var t = Parse(v.type, null, null);
            object value = t is ArrayType array
                ? v.text.Split(',').Select(x => new CustomAttributeArgument(array.ElementType, Constant(v.type[..^2], x))).ToArray()
                : Constant(v.type, v.text);
            var argument = new CustomAttributeArgument(t, value);
            if (v.property == null) a.ConstructorArguments.Add(argument);
            else a.Properties.Add(new CustomAttributeNamedArgument(v.property, argument));
        }
        target.CustomAttributes.Add(a);
    }

    public void Write(string dir) => Assembly.Write(Path.Combine(dir, Name + ".dll"), new WriterParameters { Timestamp = 0 });
}
