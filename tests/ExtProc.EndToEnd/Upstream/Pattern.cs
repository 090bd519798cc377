namespace ExtProc.EndToEnd.Upstream;

/// <summary>Bytes in which every place looks different, so that a lost, doubled or swapped piece shows.</summary>
internal static class Pattern
{
    public static byte[] Bytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same bytes in so many pieces of random sizes.</summary>
    public static byte[][] Split(byte[] bytes, int pieces, int seed)
    {
        var random = new Random(seed);
        int[] borders = [0, .. Enumerable.Range(0, pieces - 1).Select(_ => random.Next(bytes.Length + 1)).Order(), bytes.Length];
        return [.. borders.Zip(borders.Skip(1), (from, to) => bytes[from..to])];
    }
}
