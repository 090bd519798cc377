using System.Text;

namespace ExtProc.Tests.Transport;

/// <summary>
/// As little of HPACK (RFC 7541) as a test needs: writes literals without index; reads what a server writes that was told to keep no
/// dynamic table and that does not use Huffman codes.
/// </summary>
internal static class RawHpack
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

    public static byte[] Encode(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            block.WriteByte(0); // literal without indexing, new name
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    public static List<(string Name, string Value)> Decode(ReadOnlySpan<byte> block)
    {
        List<(string, string)> headers = [];
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                headers.Add(StaticTable[ReadInteger(ref block, 7) - 1]);
            }
            else if ((first & 0xE0) == 0x20)
            {
                ReadInteger(ref block, 5); // a table size update
            }
            else
            {
                int index = ReadInteger(ref block, (first & 0x40) != 0 ? 6 : 4);
                string name = index == 0 ? ReadText(ref block) : StaticTable[index - 1].Name;
                headers.Add((name, ReadText(ref block)));
            }
        }

        return headers;
    }

    private static void WriteText(MemoryStream block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.WriteByte((byte)bytes.Length);
        }
        else
        {
            block.WriteByte(127);
            int rest = bytes.Length - 127;
            for (; rest >= 128; rest /= 128)
            {
                block.WriteByte((byte)(rest % 128 + 128));
            }

            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }

    private static string ReadText(ref ReadOnlySpan<byte> block)
    {
        Assert.True((block[0] & 0x80) == 0, "the server uses Huffman codes, which this reader does not know");
        int length = ReadInteger(ref block, 7);
        string text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static int ReadInteger(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        int mask = (1 << prefixBits) - 1, value = block[0] & mask, used = 1;
        if (value == mask)
        {
            int shift = 0;
            do
            {
                value += (block[used] & 0x7F) << shift;
                shift += 7;
            }
            while ((block[used++] & 0x80) != 0);
        }

        block = block[used..];
        return value;
    }
}
