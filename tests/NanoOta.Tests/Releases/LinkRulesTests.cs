using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>An image whose assemblies do not match is refused, because nanoCLR would not start it, and would report nothing.</summary>
[TestClass]
public sealed class LinkRulesTests
{
    // Signatures: calling convention, number of parameters, result, parameters; of a field 6 and its type.
    private static readonly byte[] NoParameter = [0, 0, 0], OneNumber = [0, 1, 0, 7], OneText = [0, 1, 0, 15];
    private static readonly byte[] Number = [6, 7], Text = [6, 15];

    private static readonly TinyPe Library = new("NanoOta", "0.1.0.0")
    {
        Types =
        [
            new TinyType("NanoOta", "Base") { Methods = [("Inherited", NoParameter)], Fields = [("BaseCount", Number)] },
            new TinyType("NanoOta", "UpdateAgent")
            {
                Extends = 0,
                Methods = [("Step", NoParameter), ("Add", OneNumber), ("Take", [0, 1, 0, 17, 3 << 2])],
                StaticFields = [("Level", Number)],
                Fields = [("Name", Text)],
            },
            new TinyType("", "Inner") { Enclosing = 1, Methods = [("Do", NoParameter)] },
            new TinyType("NanoOta", "Offer"),
        ],
    };

    [TestMethod]
    public void Existing_members_are_found_in_the_type_its_base_and_nested_types() => Check(
        Use("UpdateAgent") with
        {
            Methods = [("Step", NoParameter), ("Add", OneNumber), ("Inherited", NoParameter), ("Take", [0, 1, 0, 17, (2 << 2) | 1])],
            Fields = [("Level", Number), ("Name", Text)],
        },
        new TinyReference(0x8000, "", "Inner") { Methods = [("Do", NoParameter)] },
        Use("Offer"));

    [TestMethod]
    public void A_method_that_the_packed_library_lacks_is_named_with_both_assemblies() => StringAssert.Contains(
        Refusal(Use("UpdateAgent") with { Methods = [("Step", NoParameter), ("Foo", NoParameter)] }),
        "image: App 1.0.0.0 calls NanoOta.UpdateAgent::Foo (0 parameters), which NanoOta 0.1.0.0 in this image does not have: "
            + "pack the NanoOta.pe that App was compiled against");

    [TestMethod]
    public void A_method_with_other_parameters_is_another_one()
    {
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Add", OneText)] }), "UpdateAgent::Add (1 parameter)");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Step", OneNumber)] }), "UpdateAgent::Step (1 parameter)");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Step", [0x20, 0, 0])] }), "UpdateAgent::Step");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Add", [0, 1, 0, 20, 7])] }), "UpdateAgent::Add");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Add", [0, 1, 0, 19, 7])] }), "UpdateAgent::Add");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Methods = [("Take", [0, 1, 0, 17, (0 << 2) | 1])] }),
            "UpdateAgent::Take");
    }

    [TestMethod]
    public void A_field_of_a_base_type_or_of_another_type_does_not_count()
    {
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Fields = [("BaseCount", Number)] }),
            "App 1.0.0.0 uses the field NanoOta.UpdateAgent::BaseCount, which NanoOta 0.1.0.0");
        StringAssert.Contains(Refusal(Use("UpdateAgent") with { Fields = [("Level", Text)] }), "uses the field NanoOta.UpdateAgent::Level");
    }

    [TestMethod]
    public void A_missing_or_moved_type_is_named()
    {
        StringAssert.Contains(Refusal(Use("Gone")), "App 1.0.0.0 uses NanoOta.Gone, which NanoOta 0.1.0.0 in this image does not have");
        StringAssert.Contains(Refusal(new TinyReference(1, "Other", "UpdateAgent")), "uses Other.UpdateAgent");
        StringAssert.Contains(Refusal(new TinyReference(1, "", "Inner")), "uses Inner, which");
        StringAssert.Contains(Refusal(Use("UpdateAgent"), new TinyReference(0x8000, "", "Gone")), "uses NanoOta.UpdateAgent+Gone");
    }

    [TestMethod]
    public void The_members_that_an_app_uses_of_the_real_core_library_are_found() => RuntimeRules.Check(OnRealCore(RealCore.Pe), "image");

    [TestMethod]
    public void A_member_missing_from_the_real_core_library_is_named() => StringAssert.Contains(
        TestInput.Refusal(() => RuntimeRules.Check(OnRealCore(Renamed(RealCore.Pe, "WriteLine")), "app.bin")),
        "app.bin: App 1.0.0.0 calls System.Console::WriteLine (1 parameter), which mscorlib 1.17.11.0 in this image does not have");

    [TestMethod]
    public void Damaged_tables_of_a_library_are_refused_and_never_crash_the_reader()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] app = App(Use("UpdateAgent") with { Methods = [("Step", NoParameter)] }).Build();
        for (int i = 0; i < 2000; i++)
        {
            byte[] library = Library.Build(), user = [.. app];
            foreach (var pe in new[] { library, user })
                for (int change = random.Next(4); change > 0; change--)
                    pe[random.Next(AssemblyHeader.Length, pe.Length)] =
                        random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            try
            {
                RuntimeRules.Check(AppImage.Build([TinyPe.Core.Build(), Sealed(library), Sealed(user)]), "image");
            }
            catch (ReleaseException)
            {
                // Refused with a message, which is what this is about.
            }
        }
    }

    private static AppImage OnRealCore(byte[] core) => AppImage.Build([core, (TinyPe.App() with
    {
        Uses =
        [
            new TinyReference(0, "System", "Console") { Methods = [("WriteLine", OneText)] },
            new TinyReference(0, "System", "Object") { Methods = [(".ctor", [0x20, 0, 0]), ("ToString", [0x20, 0, 15])] },
        ],
    }).Build()]);

    private static TinyReference Use(string type) => new(1, "NanoOta", type);

    private static TinyPe App(params TinyReference[] uses) => TinyPe.App("NanoOta 0.1.0.0") with { Uses = uses };

    private static void Check(params TinyReference[] uses) =>
        RuntimeRules.Check(AppImage.Build([TinyPe.Core.Build(), Library.Build(), App(uses).Build()]), "image");

    private static string Refusal(params TinyReference[] uses) => TestInput.Refusal(() => Check(uses));

    // Another first letter for a name among the strings.
    private static byte[] Renamed(byte[] pe, string name)
    {
        int at = pe.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"\0{name}\0"));
        byte[] changed = [.. pe];
        changed[at + 1] = (byte)'X';
        return Sealed(changed);
    }

    private static byte[] Sealed(byte[] pe)
    {
        uint crc = Checksum.AssemblyCrc(0, pe, AssemblyHeader.Length, pe.Length - AssemblyHeader.Length);
        Bytes.PutU32(pe, AssemblyHeader.AssemblyCrcOffset, crc);
        return TinyPe.Seal(pe);
    }
}
