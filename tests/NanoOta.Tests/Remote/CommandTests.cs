using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using NanoOta.Releases;

namespace NanoOta.Tests.Remote;

/// <summary>Whom a device obeys, and how often.</summary>
[TestClass]
public sealed class CommandTests
{
    private static OutgoingCommand Command(long counter = 1000, CommandKind kind = CommandKind.Check, long? expires = null) =>
        new(RemoteBench.DeviceId, kind, counter, expires);

    [TestMethod]
    public void Every_command_is_accepted_from_key_and_token()
    {
        var bench = new RemoteBench();
        long counter = 0;
        foreach (var kind in Enum.GetValues<CommandKind>())
            foreach (bool isSigned in new[] { true, false })
            {
                var command = Command(++counter, kind);
                var taken = bench.Send(isSigned ? command.Sign(RemoteBench.Key) : command.Sign(RemoteBench.Token));
                Assert.IsNotNull(taken, $"{kind}");
                Assert.AreEqual(kind, taken.Kind);
                Assert.AreEqual(counter, taken.Counter);
                bench.Control.Answer(taken, UpdateError.None);
                var answer = bench.Next().Json;
                Assert.AreEqual(counter, answer.GetProperty("n").GetInt64());
                Assert.AreEqual(0, answer.GetProperty("code").GetInt32());
            }
    }

    [TestMethod]
    public void A_command_is_never_taken_twice_not_even_after_a_reset()
    {
        var bench = new RemoteBench();
        var reboot = Command(kind: CommandKind.Reboot).Sign(RemoteBench.Key);
        Assert.IsNotNull(bench.Send(reboot));
        Assert.IsNull(bench.Send(reboot));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
        bench.Reset();
        Assert.IsNull(bench.Send(reboot));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
        Assert.IsNotNull(bench.Send(Command(1001).Sign(RemoteBench.Key)));
    }

    [TestMethod]
    public void Of_commands_out_of_order_the_older_one_is_refused()
    {
        var bench = new RemoteBench();
        Assert.IsNotNull(bench.Send(Command(2000).Sign(RemoteBench.Token)));
        Assert.IsNull(bench.Send(Command(1999).Sign(RemoteBench.Key)));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
    }

    [TestMethod]
    public void Who_may_command_learns_the_last_counter_from_a_refusal_and_nobody_else_does()
    {
        var bench = new RemoteBench();
        long ahead = 4_000_000_000_000;
        Assert.IsNotNull(bench.Send(Command(ahead).Sign(RemoteBench.Key)));
        Assert.IsNull(bench.Send(Command(1999).Sign(RemoteBench.Key)));
        var answer = bench.All(MessageKind.Answer).Single();
        Assert.AreEqual((int)UpdateError.CommandReplayed, answer.GetProperty("code").GetInt32());
        Assert.AreEqual(ahead, answer.GetProperty("last").GetInt64());
        Assert.IsNotNull(bench.Send(Command(ahead + 1).Sign(RemoteBench.Key)));
        using var stranger = SigningKey.Generate();
        Assert.IsNull(bench.Send(Command(1999).Sign(stranger)));
        Assert.IsFalse(bench.All(MessageKind.Answer).Single().TryGetProperty("last", out _));
    }

    [TestMethod]
    public void The_counter_is_in_flash_before_the_command_is_given_out()
    {
        var bench = new RemoteBench();
        Assert.IsNotNull(bench.Send(Command(4711).Sign(RemoteBench.Key)));
        Assert.AreEqual(4711, new JournalCounters(bench.Flash).Last);
        Assert.AreEqual(2, bench.Flash.Writes, "to both copies");
    }

    [TestMethod]
    public void A_command_whose_counter_cannot_be_stored_is_not_given_out_and_may_come_again()
    {
        var bench = new RemoteBench();
        var command = Command().Sign(RemoteBench.Key);
        bench.Flash.IsBroken = true;
        Assert.IsNull(bench.Send(command));
        Assert.AreEqual(UpdateError.JournalFailed, bench.AnswerCode());
        bench.Flash.IsBroken = false;
        Assert.IsNotNull(bench.Send(command));
    }

    [TestMethod]
    public void Counters_up_to_the_largest_are_kept()
    {
        var bench = new RemoteBench();
        foreach (long counter in new[] { 0xFFFF_FFFFL, 0x1_0000_0000L, 0x1F_FFFF_FFFF_FFFEL, 0x1F_FFFF_FFFF_FFFFL })
        {
            if (counter == 0x1F_FFFF_FFFF_FFFEL) Assert.IsTrue(new JournalCounters(bench.Flash).Save(counter - 2));
            bench.Reset();
            Assert.IsNotNull(bench.Send(Command(counter).Sign(RemoteBench.Key)), $"{counter}");
            bench.Reset();
            Assert.AreEqual(counter, new JournalCounters(bench.Flash).Last);
        }
    }

    [TestMethod]
    public void A_counter_more_than_a_day_ahead_of_the_time_shuts_no_later_command_out()
    {
        const long Now = 1_800_000_000, Day = 86_400_000;
        var bench = new RemoteBench();
        bench.Clock.UnixSeconds = Now;
        Assert.IsNull(bench.Send(Command(Now * 1000 + Day + 1).Sign(RemoteBench.Key)));
        var answer = bench.All(MessageKind.Answer).Last();
        Assert.AreEqual((int)UpdateError.CommandTooFarAhead, answer.GetProperty("code").GetInt32());
        Assert.AreEqual(0, answer.GetProperty("last").GetInt64());
        Assert.AreEqual(0, bench.Flash.Writes);
        Assert.IsNotNull(bench.Send(Command(Now * 1000 + Day).Sign(RemoteBench.Token)));
        Assert.IsNotNull(bench.Send(Command(Now * 1000 + 2 * Day).Sign(RemoteBench.Token)), "a day more than the last one");
    }

    [TestMethod]
    public void Whoever_is_shut_out_learns_the_last_counter_and_goes_on_with_the_next()
    {
        const long Ahead = 3_000_000_000_000; // the sender's clock was in the year 2065, and the device had none
        var bench = new RemoteBench();
        Assert.IsNotNull(bench.Send(Command(Ahead).Sign(RemoteBench.Key)));
        bench.Clock.UnixSeconds = 1_800_000_000;
        Assert.IsNull(bench.Send(Command(1_800_000_000_000).Sign(RemoteBench.Key)));
        var answer = bench.All(MessageKind.Answer).Last();
        Assert.AreEqual((int)UpdateError.CommandReplayed, answer.GetProperty("code").GetInt32());
        Assert.IsNotNull(bench.Send(Command(answer.GetProperty("last").GetInt64() + 1).Sign(RemoteBench.Key)));
    }

    [TestMethod]
    public void Without_the_time_no_single_counter_uses_up_those_that_are_left()
    {
        var bench = new RemoteBench();
        Assert.IsNull(bench.Send(Command(0x1F_FFFF_FFFF_FFFF).Sign(RemoteBench.Key)));
        Assert.AreEqual(UpdateError.CommandTooFarAhead, bench.AnswerCode());
        Assert.IsNotNull(bench.Send(Command(1L << 42).Sign(RemoteBench.Key)), "milliseconds until the year 2109");
    }

    [TestMethod]
    public void A_refusal_has_its_number_and_writes_nothing()
    {
        using var stranger = SigningKey.Generate();
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(stranger));
        Refuses(UpdateError.CommandBadSignature, Command().Sign("another token, as long"));
        Refuses(UpdateError.CommandNotForThisDevice, (Command() with { DeviceId = "24:6F:28:AA:BB:CD" }).Sign(RemoteBench.Key));
        Refuses(UpdateError.CommandNotForThisDevice, (Command() with { DeviceId = "24:6F:28:AA:BB:C" }).Sign(RemoteBench.Key));
        Refuses(UpdateError.CommandUnknown, Command(kind: (CommandKind)8).Sign(RemoteBench.Key));
        Refuses(UpdateError.CommandUnknown, Command(kind: 0).Sign(RemoteBench.Key));
        Refuses(UpdateError.CommandMalformed, [1, 2, 3]);
        Refuses(UpdateError.CommandMalformed, [0xFF, 0xFE, 0x80]);
        Refuses(UpdateError.CommandMalformed, [0xD1]);
        var tagged = Command().Sign(RemoteBench.Token);
        Refuses(UpdateError.CommandMalformed, [.. tagged, 0]);
        Refuses(UpdateError.CommandMalformed, [.. tagged[..6], 0xA1, 1, 1, .. tagged[7..]]);
        Refuses(UpdateError.CommandMalformed, [.. Command().Sign(RemoteBench.Key), 0]);
        Refuses(UpdateError.CommandMalformed, Signed([]));
        Refuses(UpdateError.CommandMalformed, Signed([0xA0]));
        Refuses(UpdateError.CommandMalformed, Signed([.. Command().Encode(), 0]));
        Refuses(UpdateError.NoCommandKey, Command().Sign(RemoteBench.Key), o => (o.CommandKeys, o.Token) = ([], ""));
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(RemoteBench.Key), o => o.CommandKeys = []);
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(RemoteBench.Token), o => o.Token = "");
    }

    [TestMethod]
    public void A_payload_with_a_field_too_many_or_out_of_range_is_malformed()
    {
        static byte[] With(Action<CborWriter> last, int entries = 5)
        {
            var cbor = new CborWriter(CborConformanceMode.Lax);
            cbor.WriteStartMap(entries);
            cbor.WriteInt32(1);
            cbor.WriteInt32(1);
            cbor.WriteInt32(2);
            cbor.WriteTextString(RemoteBench.DeviceId);
            cbor.WriteInt32(3);
            cbor.WriteInt32(1);
            last(cbor);
            cbor.WriteEndMap();
            return Signed(cbor.Encode());
        }

        static Action<CborWriter> Fields(params long[] keysAndValues) => cbor => Array.ForEach(keysAndValues, cbor.WriteInt64);
        Refuses(UpdateError.CommandMalformed, With(Fields(4, 9, 6, 1)));
        Refuses(UpdateError.CommandMalformed, With(Fields(4, 0, 5, 1)));
        Refuses(UpdateError.CommandMalformed, With(Fields(4, 9, 5, 0)));
        Refuses(UpdateError.CommandMalformed, With(Fields(4, 9, 4, 9)));
        Refuses(UpdateError.CommandMalformed, With(Fields(5, 9), 4));
        Refuses(UpdateError.CommandMalformed, With(Fields(4, 0x20_0000_0000_0000), 4));
        var bench = new RemoteBench();
        Assert.IsNotNull(bench.Send(With(Fields(4, 9, -1, 5))), "a negative key is advice");
    }

    [TestMethod]
    public void An_expired_command_is_refused_and_so_is_one_that_may_be_expired()
    {
        Refuses(UpdateError.CommandExpired, Command(expires: 1_800_000_000).Sign(RemoteBench.Key), unixSeconds: 1_800_000_001);
        Refuses(UpdateError.ClockNotSet, Command(expires: 1_800_000_000).Sign(RemoteBench.Key), unixSeconds: 0);
        var bench = new RemoteBench();
        bench.Clock.UnixSeconds = 1_800_000_000;
        Assert.IsNotNull(bench.Send(Command(expires: 1_800_000_000).Sign(RemoteBench.Key)));
    }

    [TestMethod]
    [DataRow(true, DisplayName = "signed")]
    [DataRow(false, DisplayName = "with a token")]
    public void A_command_with_any_bit_flipped_or_cut_off_anywhere_is_refused(bool isSigned)
    {
        var good = isSigned ? Command().Sign(RemoteBench.Key) : Command().Sign(RemoteBench.Token);
        var reader = new CommandReader(new RemoteBench().Options, new HostCrypto());
        Assert.AreEqual(UpdateError.None, reader.Read(good, good.Length));
        var seen = new HashSet<UpdateError>();
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            var flipped = (byte[])good.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = reader.Read(flipped, flipped.Length);
            Assert.AreNotEqual(UpdateError.None, error, $"bit {bit}");
            Assert.IsFalse(reader.IsAuthentic, $"bit {bit}");
            seen.Add(error);
        }

        Assert.Contains(UpdateError.CommandBadSignature, seen);
        Assert.Contains(UpdateError.CommandMalformed, seen);
        for (int length = 0; length < good.Length; length++)
            Assert.AreEqual(UpdateError.CommandMalformed, reader.Read(good, length), $"{length} bytes");
    }

    [TestMethod]
    public void A_manifest_is_no_command_even_when_one_key_signs_both()
    {
        var bench = new RemoteBench(o => o.CommandKeys = [Support.SomeManifest.SharedKey.Base64]);
        Assert.IsNull(bench.Send(new Support.SomeManifest().Sign()));
        Assert.AreEqual(UpdateError.CommandMalformed, bench.AnswerCode());
    }

    [TestMethod]
    public void A_command_is_no_manifest_even_when_one_key_signs_both()
    {
        var command = (Command() with { DeviceId = "lamp-7" }).Sign(RemoteBench.Key);
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([RemoteBench.Key.Public.Base64], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.ManifestWrongType, reader.Read(command, command.Length, out _));
    }

    private static byte[] Signed(byte[] payload)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, RemoteBench.Key.Public.Id } };
        using var key = Ecdsa();
        return CoseSign1Message.SignEmbedded(payload, new CoseSigner(key, HashAlgorithmName.SHA256, headers));
    }

    private static ECDsa Ecdsa()
    {
        using var folder = new Releases.TemporaryFolder();
        RemoteBench.Key.Save(folder.File("key.pem"));
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(folder.File("key.pem")));
        return key;
    }

    private static void Refuses(UpdateError expected, byte[] command, Action<MqttOptions>? configure = null, long unixSeconds = 0)
    {
        var bench = new RemoteBench(configure);
        bench.Clock.UnixSeconds = unixSeconds;
        Assert.IsNull(bench.Send(command), $"{expected}");
        Assert.AreEqual(expected, bench.AnswerCode());
        Assert.AreEqual(0, bench.Flash.Writes, $"{expected}");
    }
}
