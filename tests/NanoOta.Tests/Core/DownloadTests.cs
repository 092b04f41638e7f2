namespace NanoOta.Tests.Core;

[TestClass]
public sealed class DownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * 31 / 7))];

    private readonly SlowSource source = new();
    private readonly byte[] buffer = new byte[4096];

    private Download Start()
    {
        var download = new Download(new UpdatePorts { Source = source, Clock = source }, new Jitter("some device", 1), 1000);
        download.Start(["http://x/"], "file", Content.Length);
        return download;
    }

    [TestMethod]
    public void A_link_below_a_block_in_30_seconds_is_reopened_and_finally_abandoned()
    {
        source.MillisecondsPerRead = 1000;
        source.BytesPerRead = 1;
        var download = Start();
        Fill fill;
        int retries = 0;
        do
        {
            fill = download.Step(0, buffer, 0, 4096);
            if (fill == Fill.Retry) retries++;
        }
        while (fill is Fill.More or Fill.Retry);
        Assert.AreEqual(Fill.Failed, fill);
        Assert.AreEqual(UpdateError.TimedOut, download.Error);
        Assert.AreEqual(5, retries);
        Assert.AreEqual(6, source.Opens);
    }

    [TestMethod]
    public void A_file_below_its_minimum_rate_is_abandoned_although_blocks_arrive()
    {
        source.MillisecondsPerRead = 200;
        source.BytesPerRead = 20;
        var download = new Download(new UpdatePorts { Source = source, Clock = source }, new Jitter("some device", 1), 1000);
        download.Start(["http://x/"], "file", SlowSource.LongFile);
        int block = 0;
        Fill fill = Fill.More;
        while (fill != Fill.Failed && block < SlowSource.LongFile / 4096)
        {
            fill = download.Step(block * 4096, buffer, 0, 4096);
            if (fill == Fill.Complete) block++;
        }

        Assert.AreEqual(Fill.Failed, fill);
        Assert.AreEqual(UpdateError.TimedOut, download.Error);
        Assert.IsGreaterThan(1, block);
        Assert.IsLessThan(7 * 60_000, source.Milliseconds);
    }

    [TestMethod]
    public void A_manifest_loads_at_50_bytes_a_second_and_is_abandoned_at_one_byte()
    {
        source.MillisecondsPerRead = 20;
        source.BytesPerRead = 1;
        Assert.AreEqual(Fill.Complete, FetchManifest());
        Assert.IsLessThan(90_000, source.Milliseconds);

        long before = source.Milliseconds;
        source.MillisecondsPerRead = 14_000;
        Assert.AreEqual(Fill.Failed, FetchManifest());
        Assert.IsLessThan(5 * 60_000, source.Milliseconds - before);
    }

    private Fill FetchManifest()
    {
        var download = new Download(new UpdatePorts { Source = source, Clock = source }, new Jitter("some device", 1), 1000);
        download.StartManifest("http://x/manifest.cose");
        Fill fill;
        do fill = download.Step(0, buffer, 0, 4095);
        while (fill is Fill.More or Fill.Retry);
        return fill;
    }

    [TestMethod]
    public void A_slow_but_steady_link_is_kept()
    {
        source.MillisecondsPerRead = 5_000;
        source.BytesPerRead = 1024;
        source.MillisecondsPerOpen = 31_000;
        var download = Start();
        for (int block = 0; block < 2; block++)
        {
            while (download.Step(block * 4096, buffer, 0, 4096) == Fill.More)
            {
            }

            Assert.IsTrue(buffer.AsSpan().SequenceEqual(Content.AsSpan(block * 4096, 4096)));
        }

        Assert.AreEqual(1, source.Opens);
    }

    [TestMethod]
    [DataRow(1000, 0, 1000)]
    [DataRow(1000, 5, 32_000)]
    [DataRow(1000, 6, 60_000)]
    [DataRow(1000, int.MaxValue, 60_000)]
    [DataRow(70_000, 0, 60_000)]
    [DataRow(0, int.MaxValue, 0, DisplayName = "none")]
    public void A_back_off_doubles_up_to_a_limit(int first, int failures, int expected) =>
        Assert.AreEqual(expected, Backoff.Delay(first, first == 0 ? 1000 : failures, 60_000));

    [TestMethod]
    public void The_wait_before_a_retry_doubles_and_a_whole_block_resets_it()
    {
        source.Fault = UpdateError.ServerFailed;
        var download = Start();
        var waits = new List<int>();
        for (int i = 0; i < 4; i++)
        {
            Assert.AreEqual(Fill.Retry, download.Step(0, buffer, 0, 4096));
            waits.Add(download.RetryMs);
        }

        for (int i = 0; i < waits.Count; i++) Assert.IsInRange(0, 1000 << i, waits[i]);
        Assert.IsGreaterThan(1, waits.Distinct().Count(), "drawn by lot");
        source.Fault = UpdateError.None;
        while (download.Step(0, buffer, 0, 4096) == Fill.More)
        {
        }

        Assert.AreEqual(0, download.RetryMs);
    }

    [TestMethod]
    [DataRow(Fill.Retry, new[] { UpdateError.Unreachable, UpdateError.ConnectionLost, UpdateError.TimedOut, UpdateError.ServerFailed,
        UpdateError.NameNotFound, UpdateError.ConnectionRefused, UpdateError.TlsFailed, UpdateError.AnswerMalformed })]
    [DataRow(Fill.Failed, new[] { UpdateError.FileNotFound, UpdateError.UnexpectedStatus, UpdateError.Redirected, UpdateError.RangeRefused,
        UpdateError.WrongLength, UpdateError.BadAddress, UpdateError.NotAuthorized, UpdateError.CertificateUnknown,
        UpdateError.CertificateExpired, UpdateError.CertificateOfOther, UpdateError.EncodedBody, UpdateError.FileTooLong,
        UpdateError.MemoryLow })]
    public void Only_transient_faults_are_retried_within_a_check(object expected, object faults)
    {
        foreach (var fault in (UpdateError[])faults)
        {
            source.Fault = fault;
            Assert.AreEqual((Fill)expected, Start().Step(0, buffer, 0, 4096), $"{fault}");
        }
    }

    [TestMethod]
    public void A_server_that_states_Retry_After_gets_no_request_before_it()
    {
        source.Fault = UpdateError.ServerFailed;
        source.RetryAfterSeconds = 20;
        var download = Start();
        Assert.AreEqual(Fill.Retry, download.Step(0, buffer, 0, 4096));
        Assert.IsInRange(20_000, 21_000, download.RetryMs);

        source.RetryAfterSeconds = int.MaxValue;
        Assert.AreEqual(Fill.Failed, download.Step(0, buffer, 0, 4096));
        Assert.AreEqual(86_400_000, download.QuietUntil - source.Milliseconds, "a day at most");
    }

    [TestMethod]
    public void Every_mirror_gets_all_retries_and_the_next_file_starts_at_the_last_good_one()
    {
        string[] folders = ["http://x/", "http://y/"];
        var download = new Download(new UpdatePorts { Source = source, Clock = source }, new Jitter("some device", 1), 1000);
        download.Start(folders, "file", Content.Length);
        source.Fault = UpdateError.Unreachable;
        while (download.Step(0, buffer, 0, 4096) == Fill.Retry)
        {
        }

        Assert.AreEqual(12, source.Opens);

        download.Start(folders, "file", Content.Length);
        source.Fault = UpdateError.FileNotFound;
        Assert.AreEqual(Fill.Retry, download.Step(0, buffer, 0, 4096));
        Assert.AreEqual(0, download.RetryMs);
        source.Fault = UpdateError.None;
        Assert.AreEqual(Fill.More, download.Step(0, buffer, 0, 4096));
        Assert.AreEqual("http://y/file", source.Address);

        download.Start(folders, "next", Content.Length);
        download.Step(0, buffer, 0, 4096);
        Assert.AreEqual("http://y/next", source.Address);
        download.Start(["http://x/", "http://y/"], "other", Content.Length);
        download.Step(0, buffer, 0, 4096);
        Assert.AreEqual("http://x/other", source.Address, "another offer");
    }

    [TestMethod]
    public void A_range_before_the_last_one_is_fetched_as_well()
    {
        var download = Start();
        foreach (int block in new[] { 1, 0 })
        {
            while (download.Step(block * 4096, buffer, 0, 4096) == Fill.More)
            {
            }

            Assert.IsTrue(buffer.AsSpan().SequenceEqual(Content.AsSpan(block * 4096, 4096)), $"block {block}");
        }
    }

    private sealed class SlowSource : IReleaseSource, IClock
    {
        public const int LongFile = 200 * 4096;

        public int MillisecondsPerRead { get; set; }

        public int MillisecondsPerOpen { get; set; }

        public int BytesPerRead { get; set; } = 1460;

        public UpdateError Fault { get; set; }

        public int Opens { get; private set; }

        public string Address { get; private set; } = "";

        public long Milliseconds { get; private set; }

        public long UnixSeconds => 0;

        public int RetryAfterSeconds { get; set; }

        public int Position { get; private set; }

        public bool CanOpen(string address) => true;

        public UpdateError Open(string address, int offset, int length)
        {
            Opens++;
            Address = address;
            Milliseconds += MillisecondsPerOpen;
            Position = offset;
            return Fault;
        }

        public int Read(byte[] target, int start, int count)
        {
            Milliseconds += MillisecondsPerRead;
            int read = Math.Min(count, BytesPerRead);
            if (Position < Content.Length) read = Math.Min(read, Content.Length - Position);
            if (Position < Content.Length) Array.Copy(Content, Position, target, start, read);
            Position += read;
            return read;
        }

        public void Close()
        {
        }
    }
}
