namespace ExtProc.Processors;

/// <summary>
/// Finds a text in bytes, in time linear in the bytes: the algorithm of Knuth, Morris and Pratt, which never goes back. While nothing
/// has matched, the framework's vectorized search for the first letters skips ahead, which is many times faster.
/// </summary>
/// <param name="text">What is looked for; not empty.</param>
internal sealed class TextSearch(byte[] text)
{
    // So few that comparing them wherever the body looks like them costs little.
    private const int MostBeginningBytes = 16;

    private readonly int[] _fallback = FallbackOf(text);
    private readonly int _beginningBytes = Math.Min(MostBeginningBytes, text.Length);

    /// <summary>Finds the first place of the text.</summary>
    /// <param name="bytes">Where to look.</param>
    /// <param name="matched">
    /// How many of the first bytes are known to be a beginning of the text. Afterwards, where it was not found, how many of the last
    /// bytes are one.
    /// </param>
    /// <returns>Where it begins; -1 when it is not all here.</returns>
    public int Find(ReadOnlySpan<byte> bytes, ref int matched)
    {
        int at = matched;
        while (true)
        {
            at += matched == 0 ? Skip(bytes[at..], out matched) : 0;
            if (matched == text.Length)
            {
                return at - matched;
            }

            if (at == bytes.Length)
            {
                return -1;
            }

            matched = Next(_fallback, text, matched, bytes[at++]);
        }
    }

    /// <summary>For each length of a beginning that has matched, the longest shorter one that has matched with it.</summary>
    public static int[] FallbackOf(ReadOnlySpan<byte> text)
    {
        int[] fallback = new int[text.Length];
        for (int at = 1; at < text.Length; at++)
        {
            fallback[at] = Next(fallback, text, fallback[at - 1], text[at]);
        }

        return fallback;
    }

    /// <summary>How much has matched after one more letter.</summary>
    private static int Next(int[] fallback, ReadOnlySpan<byte> text, int matched, byte letter)
    {
        while (matched > 0 && letter != text[matched])
        {
            matched = fallback[matched - 1];
        }

        return letter == text[matched] ? matched + 1 : 0;
    }

    /// <summary>How many bytes can be skipped, and how many of the last of them have matched.</summary>
    private int Skip(ReadOnlySpan<byte> bytes, out int matched)
    {
        matched = 0;
        if (bytes.Length < _beginningBytes)
        {
            return 0;
        }

        int begin = bytes.IndexOf(text.AsSpan(0, _beginningBytes));
        if (begin < 0)
        {
            return bytes.Length - _beginningBytes + 1;
        }

        matched = _beginningBytes;
        return begin + matched;
    }
}
