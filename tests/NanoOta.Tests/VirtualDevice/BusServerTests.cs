using NanoOta.Native;
using NanoOta.VirtualDevice;
using NanoOta.VirtualDevice.Bus;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A CPU that runs wild is a panic for its board and nothing worse.</summary>
[TestClass]
public sealed class BusServerTests
{
    private static readonly byte[] Hello = Request(Message.Hello, Frame.Version);

    private readonly List<string> console = [];

    [TestMethod]
    public void A_request_is_answered_with_its_result()
    {
        var (end, answers) = Serve([.. Hello, .. Request(Message.GetAreaSize, NativeModule.Journal)]);
        Assert.AreEqual(BusEnd.Closed, end);
        CollectionAssert.AreEqual(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0x20, 0, 0 }, answers);
    }

    [TestMethod]
    [DataRow(1 << 30)]
    [DataRow(-1)]
    [DataRow(int.MinValue)]
    public void A_read_of_an_impossible_length_is_refused_without_a_buffer_for_it(int count)
    {
        var (end, answers) = Serve([.. Hello, .. Request(Message.Read, NativeModule.RunningSlot, 0, count)]);
        Assert.AreEqual(BusEnd.Closed, end);
        CollectionAssert.AreEqual(new byte[] { 4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, answers[8..]);
    }

    [TestMethod]
    [DataRow(14, DisplayName = "just long enough")]
    [DataRow(int.MaxValue, DisplayName = "longer than any buffer")]
    public void The_name_of_a_native_assembly_is_answered_with_its_length(int size)
    {
        var (end, answers) = Serve([.. Hello, .. Request(Message.GetNativeAssembly, 0, size)]);
        Assert.AreEqual(BusEnd.Closed, end);
        CollectionAssert.AreEqual((byte[])[18, 0, 0, 0, 14, 0, 0, 0, .. "NanoOta.Native"u8], answers[8..]);
    }

    [TestMethod]
    [DataRow(0, 13, DisplayName = "too short")]
    [DataRow(0, -1, DisplayName = "a negative length")]
    [DataRow(1, 100, DisplayName = "no such index")]
    public void A_name_that_cannot_be_returned_is_refused(int index, int size)
    {
        var (_, answers) = Serve([.. Hello, .. Request(Message.GetNativeAssembly, index, size)]);
        CollectionAssert.AreEqual(new byte[] { 4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, answers[8..]);
    }

    [TestMethod]
    public void Invalid_requests_end_the_bus()
    {
        Assert.AreEqual(BusEnd.Invalid, Serve(Request(Message.Hello, Frame.Version + 1)).End, "another version");
        Assert.AreEqual(BusEnd.Invalid, Serve(Request(Message.Confirm)).End, "no greeting");
        Assert.AreEqual(BusEnd.Invalid, Serve([.. Hello, .. Hello]).End, "two greetings");
        Assert.AreEqual(BusEnd.Invalid, Serve([.. Hello, .. Request((Message)99)]).End, "an unknown message");
        Assert.AreEqual(BusEnd.Invalid, Serve([.. Hello, .. Request(Message.Erase, 0)]).End, "too few arguments");
        Assert.AreEqual(BusEnd.Invalid, Serve([.. Hello, .. Request(Message.Confirm, 0)]).End, "too many arguments");
        Assert.AreEqual(BusEnd.Invalid, Serve("a line of text\n"u8.ToArray()).End, "text");
        Assert.AreEqual(BusEnd.Invalid, Serve(new byte[4]).End, "an empty frame");
        Assert.AreEqual(BusEnd.Closed, Serve([.. Hello, 5, 0, 0, 0]).End, "an end in the middle");
    }

    [TestMethod]
    public void Random_requests_on_trial_never_throw_and_change_at_most_the_journal()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++)
        {
            var flash = TestFlash.With(TestFlash.Trial(), 0, 1);
            var before = flash.Snapshot();
            Serve([.. Hello, .. Noise(random)], flash);
            var after = flash.Snapshot();
            Assert.IsTrue(after.AsSpan(0, 0x4000).SequenceEqual(before.AsSpan(0, 0x4000)), $"slots, seed {seed}, round {i}");
            int indexes = TestFlash.Map.Index(0);
            Assert.IsTrue(after.AsSpan(indexes).SequenceEqual(before.AsSpan(indexes)), $"indexes, seed {seed}, round {i}");
        }
    }

    /// <summary>A few frames, most of them right in form and wild in content.</summary>
    private static byte[] Noise(Random random)
    {
        var noise = new List<byte>();
        for (int frames = random.Next(1, 6); frames > 0; frames--)
        {
            var body = new byte[random.Next(40)];
            random.NextBytes(body);
            int[] arguments = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(-1, 6) * random.Next(1, 4097))];
            noise.AddRange(random.Next(5) == 0 ? body : Request((Message)random.Next(16), arguments));
        }

        return [.. noise];
    }

    private static byte[] Request(Message message, params int[] arguments)
    {
        var frame = new byte[Frame.RequestHead + 4 * arguments.Length];
        Frame.PutInt(frame, 0, frame.Length - Frame.LengthSize);
        frame[Frame.LengthSize] = (byte)message;
        for (int i = 0; i < arguments.Length; i++) Frame.PutInt(frame, Frame.RequestHead + 4 * i, arguments[i]);
        return frame;
    }

    private (BusEnd End, byte[] Answers) Serve(byte[] fromCpu, NorFlash? flash = null)
    {
        flash ??= TestFlash.With(null, 0);
        var answers = new MemoryStream();
        var port = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash));
        var server = new BusServer(new MemoryStream(fromCpu), answers, port)
        {
            OnConsole = console.Add,
            OnEnded = () => { },
            OnConfirmed = () => { },
        };
        return (server.Serve(), answers.ToArray());
    }
}
