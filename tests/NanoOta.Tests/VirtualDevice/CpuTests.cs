using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>What the CPU finds in the slot, and how it ends.</summary>
[TestClass]
public sealed class CpuTests
{
    private const string WrongSort = "made for real silicon; the virtual device runs .NET assemblies";

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_content_of_the_slot_runs(bool takesArguments)
    {
        using var board = new TestBoard().Put(0, new TinyApp(takesArguments: takesArguments).Print("hello").Build());
        Assert.AreEqual(0, board.PowerOn().Next<BoardEvent.Booted>().Slot);
        board.Prints("hello").Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void An_app_uses_a_library_of_the_slot_and_the_last_entry_point_wins()
    {
        var library = new TinyApp("Library", "1.2.3.4").Print("library");
        var libraryBytes = library.Build(hasEntryPoint: false);
        using var board = new TestBoard().Put(0, libraryBytes, new TinyApp("First").Print("first").Build(),
            new TinyApp("Second").Print("second").Call(library).Build());
        board.PowerOn().Prints("second", "library").Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void A_stale_app_behind_a_shorter_image_is_the_one_that_runs()
    {
        using var board = new TestBoard();
        var old = new byte[64 * 1024];
        Array.Fill(old, (byte)0xFF);
        VirtualAssembly.Wrap(new TinyApp("Bulk").Build(false)).CopyTo(old, 0);
        VirtualAssembly.Wrap(new TinyApp().Print("stale").Build()).CopyTo(old, AssemblyHeader.Length * 400);
        TestBoard.Write(board.Flash, TestBoard.Map.Slot0, old);
        TestBoard.Write(board.Flash, TestBoard.Map.Slot0, VirtualAssembly.Wrap(Aligned(new TinyApp().Print("new").Build())));
        board.PowerOn().Prints("stale");
    }

    [TestMethod]
    public void A_missing_library_keeps_the_app_from_starting()
    {
        var library = new TinyApp("Library", "1.2.3.4").Print("library");
        library.Build();
        using var board = new TestBoard().Put(0, new TinyApp().Print("started").Call(library).Build());
        board.PowerOn().Prints("link failure: App needs Library 1.2").Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void A_library_of_another_minor_version_does_not_count()
    {
        var library = new TinyApp("Library", "1.2.0.0").Print("library");
        library.Build();
        var other = new TinyApp("Library", "1.3.0.0").Print("library").Build(hasEntryPoint: false);
        using var board = new TestBoard().Put(0, other, new TinyApp().Print("started").Call(library).Build());
        board.PowerOn().Prints("link failure: App needs Library 1.2");
    }

    [TestMethod]
    public void The_agent_that_lies_beside_the_CPU_program_is_not_on_the_device()
    {
        var method = typeof(UpdateError).Assembly.GetType("NanoOta.Bytes")!.GetMethod("Same")!;
        using var board = new TestBoard().Put(0, new TinyApp().Print("started").Call(method).Build());
        StringAssert.StartsWith(board.PowerOn().NextLine(), "link failure: App needs NanoOta ");
    }

    [TestMethod]
    public void An_assembly_with_a_wrong_CRC_is_skipped()
    {
        var damaged = VirtualAssembly.Wrap(new TinyApp("Spoiled").Print("damaged").Build());
        damaged[^5] ^= 1;
        using var board = new TestBoard();
        var good = VirtualAssembly.Wrap(new TinyApp("Good").Print("good").Build());
        TestBoard.Write(board.Flash, TestBoard.Map.Slot0, [.. good, .. damaged]);
        board.PowerOn().Prints("good");
    }

    [TestMethod]
    public void An_image_for_real_silicon_does_not_run_and_the_reason_is_printed()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Print("app").Build(), [1, 2, 3, 4]);
        board.PowerOn().Prints(WrongSort).Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void Without_an_entry_point_nothing_runs()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Build(hasEntryPoint: false));
        board.PowerOn().Prints("cannot find any entry point").Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void An_exception_of_Main_is_printed_and_the_app_has_ended()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Throw("no bread").Build());
        StringAssert.Contains(board.PowerOn().NextLine(), "unhandled exception: System.Exception: no bread");
        board.Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void An_exception_on_another_thread_ends_only_that_thread()
    {
        using var board = new TestBoard().Put(0, new TinyApp().ThrowOnThread("no salt").Print("main goes on").Build());
        StringAssert.Contains(board.PowerOn().NextLine(), "no salt");
        board.Next<BoardEvent.ConsoleLine>(line => line.Text == "main goes on");
        board.Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void A_thread_that_prints_without_pause_does_not_keep_another_from_native_calls()
    {
        var app = new TinyApp().PrintOnThreadForever("noise");
        for (int i = 0; i < 20; i++) app.Native("GetValue", NativeModule.ValueRunningSlot);
        using var board = new TestBoard().Put(0, app.Print("through").Sleep().Build());
        board.PowerOn().Next<BoardEvent.ConsoleLine>(line => line.Text == "through");
    }

    [TestMethod]
    public void Firmware_reads_the_native_assemblies_of_its_board_in_their_order()
    {
        var app = new TinyApp().PrintNativeAssembly(1).PrintNativeAssembly(0).Native("GetNativeChecksum", 1)
            .Native("GetNativeChecksum", 2);
        using var board = new TestBoard(assemblies: [new("mscorlib", 7), new("System.Net", uint.MaxValue - 1)]).Put(0, app.Build());
        board.PowerOn().Prints("System.Net", "mscorlib", "GetNativeChecksum = -2", "GetNativeChecksum = -1");
    }

    [TestMethod]
    public void A_line_that_Main_left_open_is_still_printed()
    {
        var write = typeof(Console).GetMethod("Write", [typeof(string)])!;
        using var board = new TestBoard().Put(0, new TinyApp().Call(write, "half a line").Build());
        board.PowerOn().Prints("half a line").Next<BoardEvent.Ended>();
    }

    [TestMethod]
    public void After_the_end_of_Main_no_thread_gets_any_further()
    {
        using var board = new TestBoard().Put(0, new TinyApp().PrintOnThreadForever("still here").Build());
        board.PowerOn().Next<BoardEvent.Ended>();
        Assert.IsFalse(board.Board.WaitUntilOff(TimeSpan.FromMilliseconds(300)));
        Assert.IsEmpty(board.TakeAll());
    }

    [TestMethod]
    public void An_exit_is_a_panic_and_a_panic_boots_again()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Print("exiting").Exit().Build());
        board.PowerOn();
        for (int boot = 0; boot < 2; boot++)
        {
            board.Prints("exiting");
            Assert.AreEqual(ResetReason.Panic, board.Next<BoardEvent.WasReset>().Reason);
        }
    }

    [TestMethod]
    public void A_stack_overflow_is_printed_and_ends_in_a_panic()
    {
        using var board = new TestBoard().Put(0, new TinyApp().Recurse().Print("never").Build());
        Assert.AreEqual("Stack overflow.", board.PowerOn().NextLine());
        Assert.AreEqual(ResetReason.Panic, board.Next<BoardEvent.WasReset>().Reason);
    }

    private static byte[] Aligned(byte[] bytes)
    {
        // The scan steps by 124 bytes from the end of the new image, so the stale one must lie on such a step.
        var padded = new byte[(bytes.Length + AssemblyHeader.Length - 1) / AssemblyHeader.Length * AssemblyHeader.Length];
        bytes.CopyTo(padded, 0);
        return padded;
    }
}
