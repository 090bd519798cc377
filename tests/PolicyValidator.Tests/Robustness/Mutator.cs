namespace PolicyValidator.Tests.Robustness;

/// <summary>Changes texts at random: cuts, doubles, moves and replaces pieces, also by pieces of other texts.</summary>
internal static class Mutator
{
    private static readonly string[] Shards =
    [
        "{", "}", "[", "]", ":", ",", "\"", "'", "&a ", "*a", "!!str ", "!x ", "<<: ", "- ", "? ", "| ", "> ", "%", "@", "`", "#", "\t", "\n", "\r\n", "\n---\n", "\n...\n", "\\", "\\u0000",
        "\0", "\u0085", "\u2028", "\ufeff", "\ud83d\ude00", "\ud800", "null", "~", "0x", "1e999", "-0", "FULL_DUPLEX_STREAMED", "request_body_mode", "\"@type\": ", "{{ x }}", "    ", "kind: ", "apiVersion: ",
        "(", ")", "..", "[?(@", "[*]", "=~ /", "a{0,1000}", "**", "\\pL", "has(", ".all(a, ", " && ", "%REQ(", ")%", "|-\n", ">+2\n", "# policy-validator: ignore ",
    ];

    /// <summary>A text with some changes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="random">Decides which.</param>
    /// <param name="other">Another text, of which a piece may get into it.</param>
    public static string Changed(string text, Random random, string other)
    {
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            text = Changed(text, random);
        }

        return random.Next(8) > 0 ? text : text.Insert(random.Next(text.Length + 1), Piece(other, random));
    }

    private static string Piece(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        return text.Substring(at, Math.Min(random.Next(1, 300), text.Length - at));
    }

    private static string Changed(string text, Random random)
    {
        int at = random.Next(text.Length + 1), length = Math.Min(random.Next(1, 30), text.Length - at);
        string piece = text.Substring(at, length), shard = Shards[random.Next(Shards.Length)];
        return random.Next(7) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, piece),
            2 => text.Insert(random.Next(text.Length + 1), piece),
            3 => text[..at],
            4 => text.Remove(at, Math.Min(1, length)).Insert(at, shard),
            5 => text.Insert(at, string.Concat(Enumerable.Repeat(shard, random.Next(1, 200)))),
            _ => text.Insert(at, shard),
        };
    }
}
