using System.Buffers;
using System.Text;

namespace PolicyValidator.Readers;

/// <summary>Tells by single searches whether a text can have anything of ext_proc in it, before somebody takes the trouble to read it.</summary>
internal static class ExtProcWords
{
    /// <summary>Of Envoy's types, of the policies of gateways, and of Google's extensions.</summary>
    private static readonly string[] Words = ["ext_proc", "extProc", "ExternalProcessor", "extensionChains"];

    private static readonly SearchValues<string> Plain = SearchValues.Create(Words, StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> InBase64 =
        SearchValues.Create([.. Words.SelectMany(word => Enumerable.Range(0, 3).Select(offset => Encoded(word, offset)))], StringComparison.Ordinal);

    private static readonly SearchValues<string> Types =
        SearchValues.Create(["ext_proc.v3.ExternalProcessor", "ext_proc.v3.ExtProcPerRoute"], StringComparison.Ordinal);

    /// <summary>Whether a text speaks of ext_proc in the words of any surface.</summary>
    public static bool MayBeIn(string text) => text.AsSpan().ContainsAny(Plain);

    /// <summary>Whether a text names one of the two types of ext_proc's configuration.</summary>
    public static bool NamesTypeIn(string text) => text.AsSpan().ContainsAny(Types);

    /// <summary>Whether a text may be the base64 of one that speaks of ext_proc.</summary>
    public static bool MayBeInBase64(string text) => text.AsSpan().ContainsAny(InBase64);

    /// <summary>What a word becomes in base64 that is sure to stand there, whatever is before and behind it.</summary>
    /// <param name="word">The word.</param>
    /// <param name="offset">How many bytes of the group of three stand before it.</param>
    private static string Encoded(string word, int offset)
    {
        byte[] bytes = [.. new byte[offset], .. Encoding.ASCII.GetBytes(word)];
        int start = ((offset * 8) + 5) / 6, end = bytes.Length * 8 / 6;
        return Convert.ToBase64String(bytes)[start..end];
    }
}
