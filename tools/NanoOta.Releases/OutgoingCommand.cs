using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Text;

namespace NanoOta.Releases;

/// <summary>A command to a device (SPEC.md, section 8.6).</summary>
/// <param name="DeviceId">Id of the device; 1 to 64 bytes of UTF-8.</param>
/// <param name="Kind">The action.</param>
/// <param name="Counter">Must exceed that of every earlier command to this device; usually milliseconds since 1970.</param>
/// <param name="Expires">Seconds since 1970 after which the device rejects it, or null.</param>
public sealed record OutgoingCommand(string DeviceId, CommandKind Kind, long Counter, long? Expires = null)
{
    private const CborTag CoseMac0 = (CborTag)17;
    private const int Format = 1;

    /// <summary>Highest counter and expiry, 2^53 − 1.</summary>
    public const long MaxNumber = 0x1FFFFFFFFFFFFF;

    // {1: 5}: HMAC 256/256 (RFC 9053, section 3.1).
    private static readonly byte[] TokenHeader = [0xA1, 0x01, 0x05];

    /// <summary>A command with the current time as its counter.</summary>
    public static OutgoingCommand Now(string deviceId, CommandKind kind) =>
        new(deviceId, kind, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>Signs the command with a key: a COSE_Sign1.</summary>
    /// <exception cref="ReleaseException">A field is invalid.</exception>
    public byte[] Sign(SigningKey key)
    {
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, key.Public.Id } };
        return CoseSign1Message.SignEmbedded(Encode(), new CoseSigner(key.Ecdsa, HashAlgorithmName.SHA256, headers));
    }

    /// <summary>Authenticates the command with a token: a COSE_Mac0.</summary>
    /// <exception cref="ReleaseException">A field is invalid, or the token is too short.</exception>
    public byte[] Sign(string token)
    {
        if (token.Length < MqttOptions.MinTokenLength)
            throw new ReleaseException($"the token has {token.Length} characters; the minimum is {MqttOptions.MinTokenLength}");
        var payload = Encode();
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteTag(CoseMac0);
        cbor.WriteStartArray(4);
        cbor.WriteByteString(TokenHeader);
        cbor.WriteStartMap(0);
        cbor.WriteEndMap();
        cbor.WriteByteString(payload);
        cbor.WriteByteString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), Authenticated(payload)));
        cbor.WriteEndArray();
        return cbor.Encode();
    }

    /// <summary>Encodes the payload.</summary>
    /// <exception cref="ReleaseException">A field is invalid.</exception>
    public byte[] Encode()
    {
        if (Encoding.UTF8.GetByteCount(DeviceId) is < 1 or > Topics.MaxSegmentBytes)
            throw new ReleaseException($"the device id must have 1 to {Topics.MaxSegmentBytes} bytes of UTF-8");
        if (Counter is < 1 or > MaxNumber) throw new ReleaseException("the counter must be 1 to 2^53 - 1");
        if (Expires is < 1 or > MaxNumber) throw new ReleaseException("the expiry must be 1 to 2^53 - 1");
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartMap(Expires == null ? 4 : 5);
        cbor.WriteInt32(1);
        cbor.WriteInt32(Format);
        cbor.WriteInt32(2);
        cbor.WriteTextString(DeviceId);
        cbor.WriteInt32(3);
        cbor.WriteInt32((int)Kind);
        cbor.WriteInt32(4);
        cbor.WriteInt64(Counter);
        if (Expires is { } expires)
        {
            cbor.WriteInt32(5);
            cbor.WriteInt64(expires);
        }

        cbor.WriteEndMap();
        return cbor.Encode();
    }

    // MAC_structure (RFC 9052, section 6.3).
    private static byte[] Authenticated(byte[] payload)
    {
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(4);
        cbor.WriteTextString("MAC0");
        cbor.WriteByteString(TokenHeader);
        cbor.WriteByteString([]);
        cbor.WriteByteString(payload);
        cbor.WriteEndArray();
        return cbor.Encode();
    }
}
