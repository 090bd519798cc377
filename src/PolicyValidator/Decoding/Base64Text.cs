using System.Buffers;

namespace PolicyValidator.Decoding;

/// <summary>Base64 as protobuf's JSON takes it: both alphabets, also mixed, with the padding complete or left out.</summary>
internal static class Base64Text
{
    private static readonly SearchValues<char> Digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    /// <summary>How many bytes the text stands for; null when it is not base64.</summary>
    public static int? ByteCount(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd('=');
        int padding = text.Length - digits.Length, rest = digits.Length % 4;
        bool isWhole = rest != 1 && (padding == 0 || (rest > 0 && rest + padding == 4));
        return isWhole && !digits.ContainsAnyExcept(Digits) ? digits.Length * 3 / 4 : null;
    }
}
