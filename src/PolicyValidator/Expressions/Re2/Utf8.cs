namespace PolicyValidator.Expressions.Re2;

/// <summary>UTF-8 of code points, surrogates included: a range may begin or end at one.</summary>
internal static class Utf8
{
    /// <summary>Writes the bytes of a code point and says how many there are.</summary>
    public static int Encode(int rune, Span<byte> bytes)
    {
        int length = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
        if (length == 1)
        {
            bytes[0] = (byte)rune;
            return 1;
        }

        for (int i = length - 1; i > 0; i--, rune >>= 6)
        {
            bytes[i] = (byte)(0x80 | (rune & 0x3F));
        }

        bytes[0] = (byte)((0xF00 >> length) & 0xFF | rune);
        return length;
    }
}
