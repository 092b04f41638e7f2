using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using NanoOta.Releases;

namespace NanoOta.Tests.Mqtt;

/// <summary>The commands that a device accepts, and how often.</summary>
[TestClass]
public sealed class CommandTests
{
    private static OutgoingCommand Command(long counter = 1000, CommandKind kind = CommandKind.Check, long? expires = null) =>
        new(MqttBench.DeviceId, kind, counter, expires);

    [TestMethod]
    public void Every_command_is_accepted_from_key_and_token()
    {
        var bench = new MqttBench();
        long counter = 0;
        foreach (var kind in Enum.GetValues<CommandKind>())
            foreach (bool isSigned in new[] { true, false })
            {
                var command = Command(++counter, kind);
                var taken = bench.Send(isSigned ? command.Sign(MqttBench.Key) : command.Sign(MqttBench.Token));
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
    public void A_command_is_accepted_once_even_across_a_reset()
    {
        var bench = new MqttBench();
        var reboot = Command(kind: CommandKind.Reboot).Sign(MqttBench.Key);
        Assert.IsNotNull(bench.Send(reboot));
        Assert.IsNull(bench.Send(reboot));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
        bench.Reset();
        Assert.IsNull(bench.Send(reboot));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
        Assert.IsNotNull(bench.Send(Command(1001).Sign(MqttBench.Key)));
    }

    [TestMethod]
    public void The_older_of_two_reordered_commands_is_refused()
    {
        var bench = new MqttBench();
        Assert.IsNotNull(bench.Send(Command(2000).Sign(MqttBench.Token)));
        Assert.IsNull(bench.Send(Command(1999).Sign(MqttBench.Key)));
        Assert.AreEqual(UpdateError.CommandReplayed, bench.AnswerCode());
    }

    [TestMethod]
    public void Only_an_authorised_sender_gets_the_last_counter_with_a_refusal()
    {
        var bench = new MqttBench();
        long ahead = 4_000_000_000_000;
        Assert.IsNotNull(bench.Send(Command(ahead).Sign(MqttBench.Key)));
        Assert.IsNull(bench.Send(Command(1999).Sign(MqttBench.Key)));
        var answer = bench.All(MessageKind.Answer).Single();
        Assert.AreEqual((int)UpdateError.CommandReplayed, answer.GetProperty("code").GetInt32());
        Assert.AreEqual(ahead, answer.GetProperty("last").GetInt64());
        Assert.IsNotNull(bench.Send(Command(ahead + 1).Sign(MqttBench.Key)));
        using var unknown = SigningKey.Generate();
        Assert.IsNull(bench.Send(Command(1999).Sign(unknown)));
        Assert.IsFalse(bench.All(MessageKind.Answer).Single().TryGetProperty("last", out _));
    }

    [TestMethod]
    public void The_counter_is_in_flash_before_the_command_is_delivered()
    {
        var bench = new MqttBench();
        Assert.IsNotNull(bench.Send(Command(4711).Sign(MqttBench.Key)));
        Assert.AreEqual(4711, new JournalCounters(bench.Flash).Last);
        Assert.AreEqual(2, bench.Flash.Writes, "to both copies");
    }

    [TestMethod]
    public void A_command_whose_counter_cannot_be_stored_is_refused_and_may_be_repeated()
    {
        var bench = new MqttBench();
        var command = Command().Sign(MqttBench.Key);
        bench.Flash.IsBroken = true;
        Assert.IsNull(bench.Send(command));
        Assert.AreEqual(UpdateError.JournalFailed, bench.AnswerCode());
        bench.Flash.IsBroken = false;
        Assert.IsNotNull(bench.Send(command));
    }

    [TestMethod]
    public void Counters_up_to_the_largest_are_kept()
    {
        var bench = new MqttBench();
        foreach (long counter in new[] { 0xFFFF_FFFFL, 0x1_0000_0000L, 0x1F_FFFF_FFFF_FFFEL, 0x1F_FFFF_FFFF_FFFFL })
        {
            if (counter == 0x1F_FFFF_FFFF_FFFEL) Assert.IsTrue(new JournalCounters(bench.Flash).Save(counter - 2));
            bench.Reset();
            Assert.IsNotNull(bench.Send(Command(counter).Sign(MqttBench.Key)), $"{counter}");
            bench.Reset();
            Assert.AreEqual(counter, new JournalCounters(bench.Flash).Last);
        }
    }

    [TestMethod]
    public void A_counter_more_than_a_day_ahead_of_the_time_blocks_no_later_command()
    {
        const long Now = 1_800_000_000, Day = 86_400_000;
        var bench = new MqttBench();
        bench.Clock.UnixSeconds = Now;
        Assert.IsNull(bench.Send(Command(Now * 1000 + Day + 1).Sign(MqttBench.Key)));
        var answer = bench.All(MessageKind.Answer).Last();
        Assert.AreEqual((int)UpdateError.CommandTooFarAhead, answer.GetProperty("code").GetInt32());
        Assert.AreEqual(0, answer.GetProperty("last").GetInt64());
        Assert.AreEqual(0, bench.Flash.Writes);
        Assert.IsNotNull(bench.Send(Command(Now * 1000 + Day).Sign(MqttBench.Token)));
        Assert.IsNotNull(bench.Send(Command(Now * 1000 + 2 * Day).Sign(MqttBench.Token)), "a day more than the last one");
    }

    [TestMethod]
    public void An_operator_with_a_low_counter_gets_the_last_one_and_continues()
    {
        const long Ahead = 3_000_000_000_000; // the sender's clock was in the year 2065, and the device had none
        var bench = new MqttBench();
        Assert.IsNotNull(bench.Send(Command(Ahead).Sign(MqttBench.Key)));
        bench.Clock.UnixSeconds = 1_800_000_000;
        Assert.IsNull(bench.Send(Command(1_800_000_000_000).Sign(MqttBench.Key)));
        var answer = bench.All(MessageKind.Answer).Last();
        Assert.AreEqual((int)UpdateError.CommandReplayed, answer.GetProperty("code").GetInt32());
        Assert.IsNotNull(bench.Send(Command(answer.GetProperty("last").GetInt64() + 1).Sign(MqttBench.Key)));
    }

    [TestMethod]
    public void Without_the_time_no_single_counter_exhausts_the_remaining_ones()
    {
        var bench = new MqttBench();
        Assert.IsNull(bench.Send(Command(0x1F_FFFF_FFFF_FFFF).Sign(MqttBench.Key)));
        Assert.AreEqual(UpdateError.CommandTooFarAhead, bench.AnswerCode());
        Assert.IsNotNull(bench.Send(Command(1L << 42).Sign(MqttBench.Key)), "milliseconds until the year 2109");
    }

    [TestMethod]
    public void A_refusal_has_its_number_and_writes_nothing()
    {
        using var unknown = SigningKey.Generate();
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(unknown));
        Refuses(UpdateError.CommandBadSignature, Command().Sign("another token, as long"));
        Refuses(UpdateError.CommandNotForThisDevice, (Command() with { DeviceId = "24:6F:28:AA:BB:CD" }).Sign(MqttBench.Key));
        Refuses(UpdateError.CommandNotForThisDevice, (Command() with { DeviceId = "24:6F:28:AA:BB:C" }).Sign(MqttBench.Key));
        Refuses(UpdateError.CommandUnknown, Command(kind: (CommandKind)8).Sign(MqttBench.Key));
        Refuses(UpdateError.CommandUnknown, Command(kind: 0).Sign(MqttBench.Key));
        Refuses(UpdateError.CommandMalformed, [1, 2, 3]);
        Refuses(UpdateError.CommandMalformed, [0xFF, 0xFE, 0x80]);
        Refuses(UpdateError.CommandMalformed, [0xD1]);
        var tagged = Command().Sign(MqttBench.Token);
        Refuses(UpdateError.CommandMalformed, [.. tagged, 0]);
        Refuses(UpdateError.CommandMalformed, [.. tagged[..6], 0xA1, 1, 1, .. tagged[7..]]);
        Refuses(UpdateError.CommandMalformed, [.. Command().Sign(MqttBench.Key), 0]);
        Refuses(UpdateError.CommandMalformed, Signed([]));
        Refuses(UpdateError.CommandMalformed, Signed([0xA0]));
        Refuses(UpdateError.CommandMalformed, Signed([.. Command().Encode(), 0]));
        Refuses(UpdateError.NoCommandKey, Command().Sign(MqttBench.Key), o => (o.CommandKeys, o.Token) = ([], ""));
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(MqttBench.Key), o => o.CommandKeys = []);
        Refuses(UpdateError.CommandUnknownKey, Command().Sign(MqttBench.Token), o => o.Token = "");
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
            cbor.WriteTextString(MqttBench.DeviceId);
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
        var bench = new MqttBench();
        Assert.IsNotNull(bench.Send(With(Fields(4, 9, -1, 5))), "a negative key is advice");
    }

    [TestMethod]
    public void An_expired_command_is_refused_and_so_is_one_that_may_be_expired()
    {
        Refuses(UpdateError.CommandExpired, Command(expires: 1_800_000_000).Sign(MqttBench.Key), unixSeconds: 1_800_000_001);
        Refuses(UpdateError.ClockNotSet, Command(expires: 1_800_000_000).Sign(MqttBench.Key), unixSeconds: 0);
        var bench = new MqttBench();
        bench.Clock.UnixSeconds = 1_800_000_000;
        Assert.IsNotNull(bench.Send(Command(expires: 1_800_000_000).Sign(MqttBench.Key)));
    }

    [TestMethod]
    [DataRow(true, DisplayName = "signed")]
    [DataRow(false, DisplayName = "with a token")]
    public void A_command_with_any_bit_flipped_or_cut_off_anywhere_is_refused(bool isSigned)
    {
        var good = isSigned ? Command().Sign(MqttBench.Key) : Command().Sign(MqttBench.Token);
        var reader = new CommandReader(new MqttBench().Options, new HostCrypto());
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
        var bench = new MqttBench(o => o.CommandKeys = [Support.TestManifest.SharedKey.Base64]);
        Assert.IsNull(bench.Send(new Support.TestManifest().Sign()));
        Assert.AreEqual(UpdateError.CommandMalformed, bench.AnswerCode());
    }

    [TestMethod]
    public void A_command_is_no_manifest_even_when_one_key_signs_both()
    {
        var command = (Command() with { DeviceId = "lamp-7" }).Sign(MqttBench.Key);
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([MqttBench.Key.Public.Base64], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.ManifestWrongType, reader.Read(command, command.Length, out _));
    }

    private static byte[] Signed(byte[] payload)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, MqttBench.Key.Public.Id } };
        using var key = Ecdsa();
        return CoseSign1Message.SignEmbedded(payload, new CoseSigner(key, HashAlgorithmName.SHA256, headers));
    }

    private static ECDsa Ecdsa()
    {
        using var folder = new Releases.TemporaryFolder();
        MqttBench.Key.Save(folder.File("key.pem"));
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(folder.File("key.pem")));
        return key;
    }

    private static void Refuses(UpdateError expected, byte[] command, Action<MqttOptions>? configure = null, long unixSeconds = 0)
    {
        var bench = new MqttBench(configure);
        bench.Clock.UnixSeconds = unixSeconds;
        Assert.IsNull(bench.Send(command), $"{expected}");
        Assert.AreEqual(expected, bench.AnswerCode());
        Assert.AreEqual(0, bench.Flash.Writes, $"{expected}");
    }
}
