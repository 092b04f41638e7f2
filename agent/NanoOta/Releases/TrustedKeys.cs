using System;

namespace NanoOta
{
    /// <summary>The public keys whose signatures this firmware accepts.</summary>
    public sealed class TrustedKeys
    {
        /// <summary>Bytes of a key: the point x ‖ y on P-256.</summary>
        public const int KeyLength = 64;

        private readonly byte[][] points;
        private readonly byte[][] ids;

        /// <summary>Takes keys as base64 of x ‖ y.</summary>
        /// <exception cref="ArgumentException">A key is not base64 of 64 bytes: the firmware was built wrong.</exception>
        public TrustedKeys(string[] keys, ICrypto crypto)
        {
            points = new byte[keys.Length][];
            ids = new byte[keys.Length][];
            for (int i = 0; i < keys.Length; i++)
            {
                points[i] = Decode(keys[i]);
                ids[i] = ComputeId(points[i], crypto);
            }
        }

        // What is thrown for text that is not base64 differs between the compilers.
        private static byte[] Decode(string key)
        {
            byte[] point = null;
            try
            {
                point = Convert.FromBase64String(key);
            }
            catch (Exception)
            {
            }

            if (point == null || point.Length != KeyLength) throw new ArgumentException("a public key must be base64 of 64 bytes");
            return point;
        }

        /// <summary>Number of keys.</summary>
        public int Count => points.Length;

        /// <summary>The 32-byte id of a key, from 0 to Count − 1; not to be changed.</summary>
        public byte[] GetId(int index) => ids[index];

        /// <summary>The key with the 32-byte id at <paramref name="start"/>, or null.</summary>
        public byte[] Find(byte[] buffer, int start)
        {
            for (int i = 0; i < ids.Length; i++)
                if (Bytes.Same(ids[i], 0, buffer, start, 32)) return points[i];
            return null;
        }

        /// <summary>The COSE key thumbprint (RFC 9679, SHA-256) of a point: the key id in manifests.</summary>
        public static byte[] ComputeId(byte[] point, ICrypto crypto)
        {
            // The COSE_Key in deterministic CBOR: {1: 2, -1: 1, -2: x, -3: y}.
            byte[] head = { 0xA4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20 };
            byte[] middle = { 0x22, 0x58, 0x20 };
            var id = new byte[32];
            crypto.HashStart();
            crypto.HashBytes(head, 0, head.Length);
            crypto.HashBytes(point, 0, 32);
            crypto.HashBytes(middle, 0, middle.Length);
            crypto.HashBytes(point, 32, 32);
            if (!crypto.HashFinish(id)) throw new InvalidOperationException("no key id without SHA-256");
            return id;
        }
    }
}
