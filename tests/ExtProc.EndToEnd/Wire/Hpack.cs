using System.Text;

namespace ExtProc.EndToEnd.Wire;

/// <summary>
/// Header compression of HTTP/2 (RFC 7541), as little as a client needs: it writes plain literals, and as it allows the peer
/// no dynamic table it reads the static one, literals and Huffman codes.
/// </summary>
internal static class Hpack
{
    private static readonly (string Name, string Value)[] StaticTable =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""),
        ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""),
        ("via", ""), ("www-authenticate", ""),
    ];

    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0); // literal, not indexed, new name
            AddString(block, name);
            AddString(block, value);
        }

        return [.. block];
    }

    public static Fields Decode(ReadOnlySpan<byte> block)
    {
        var fields = new Fields();
        while (block.Length > 0)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                var (name, value) = StaticTable[ReadInteger(ref block, 7) - 1];
                fields.Add(name, value);
            }
            else if ((first & 0xE0) == 0x20)
            {
                ReadInteger(ref block, 5); // size of the dynamic table, which is ours to allow and stays 0
            }
            else
            {
                int index = ReadInteger(ref block, (first & 0xC0) == 0x40 ? 6 : 4);
                string name = index == 0 ? ReadString(ref block) : StaticTable[index - 1].Name;
                fields.Add(name, ReadString(ref block));
            }
        }

        return fields;
    }

    private static void AddString(List<byte> block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        AddInteger(block, bytes.Length);
        block.AddRange(bytes);
    }

    private static void AddInteger(List<byte> block, int value)
    {
        const int Limit = 127;
        if (value < Limit)
        {
            block.Add((byte)value);
            return;
        }

        block.Add(Limit);
        for (value -= Limit; value >= 128; value >>= 7)
        {
            block.Add((byte)((value & 127) | 128));
        }

        block.Add((byte)value);
    }

    private static int ReadInteger(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        int limit = (1 << prefixBits) - 1;
        int value = block[0] & limit;
        block = block[1..];
        if (value < limit)
        {
            return value;
        }

        for (int shift = 0; ; shift += 7)
        {
            byte octet = block[0];
            block = block[1..];
            value += (octet & 127) << shift;
            if ((octet & 128) == 0)
            {
                return value;
            }
        }
    }

    private static string ReadString(ref ReadOnlySpan<byte> block)
    {
        bool huffman = (block[0] & 0x80) != 0;
        int length = ReadInteger(ref block, 7);
        var raw = block[..length];
        block = block[length..];
        return Encoding.Latin1.GetString(huffman ? Huffman.Decode(raw) : raw);
    }
}
