using System.Buffers;

namespace ExtProc.Memory;

/// <summary>
/// Arrays to keep received bytes in. The shared pool keeps arrays of any size, for each core and for a long time, so one that held a large
/// body would stay. Large ones are therefore not pooled here; <see cref="MemoryAccount.Rent"/> gets them from <see cref="LargeArrays"/>.
/// </summary>
internal static class ByteArrays
{
    /// <summary>Bytes of the largest array that is pooled.</summary>
    public const int LargestPooledBytes = 64 * 1024;

    /// <summary>An array of at least so many bytes, not cleared. What it takes of the budget is its length.</summary>
    public static byte[] Rent(int leastBytes) => leastBytes <= LargestPooledBytes
        ? ArrayPool<byte>.Shared.Rent(leastBytes)
        : GC.AllocateUninitializedArray<byte>(leastBytes);

    /// <summary>The length that <see cref="Rent"/> gives for so many bytes, to be taken before.</summary>
    public static int RentedBytes(int leastBytes) => leastBytes switch
    {
        0 => 0,
        <= LargestPooledBytes => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(leastBytes, 16)),
        _ => leastBytes,
    };

    /// <summary>Gives an array back; it must not be used afterwards.</summary>
    public static void Return(byte[] array)
    {
        if (array.Length is > 0 and <= LargestPooledBytes)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
