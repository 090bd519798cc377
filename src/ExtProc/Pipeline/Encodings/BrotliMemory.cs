using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// Where Brotli's decoder gets its memory from. What it needs is the sender's choice: the tables of a few KiB of head may be 2.7 MiB (RFC 7932
/// section 9.2). So each block is taken of the budget before it is made, but for the window, which costs what has been written to it.
/// </summary>
internal sealed unsafe class BrotliMemory(CodingMemory memory)
{
    // Its largest table has 256 codes of 1080 entries of four bytes, and a pointer to each; only windows are larger than this.
    private const int LargestTableBytes = 1280 * 1024;

    // From here on a block is its own mapping: the C library would keep it for later, and give little of it back.
    private const int MappedBytes = 64 * 1024;

    // Before each block: how large it is.
    private const int HeadBytes = 16;

    private long _windowBytes;

    /// <summary>Why the last block was refused, if it was for want of budget.</summary>
    public Exception? Refusal { get; private set; }

    /// <summary>A block; null when there is no room for it.</summary>
    public void* Allocate(nuint size)
    {
        if (!TryTake((long)size))
        {
            return null;
        }

        nuint whole = size + HeadBytes;
        void* block = IsMapped(whole) ? Pages.Map(whole) : NativeMemory.Alloc(whole);
        if (block is null)
        {
            GiveBack((long)size);
            return null;
        }

        *(nuint*)block = size;
        return (byte*)block + HeadBytes;
    }

    /// <summary>Gives a block back.</summary>
    public void Free(void* address)
    {
        if (address is null)
        {
            return;
        }

        void* block = (byte*)address - HeadBytes;
        nuint size = *(nuint*)block, whole = size + HeadBytes;
        if (IsMapped(whole))
        {
            Pages.Unmap(block, whole);
        }
        else
        {
            NativeMemory.Free(block);
        }

        GiveBack((long)size);
    }

    [SupportedOSPlatformGuard("linux")]
    private static bool IsMapped(nuint bytes) => bytes >= MappedBytes && OperatingSystem.IsLinux();

    // Nothing may be thrown through the decoder, which is not ours.
    private bool TryTake(long bytes)
    {
        try
        {
            if (bytes <= LargestTableBytes)
            {
                memory.Take(bytes);
            }
            else
            {
                memory.Window(_windowBytes + bytes);
                _windowBytes += bytes;
            }

            return true;
        }
        catch (Exception refused) when (refused is MemoryBudgetException or OperationCanceledException)
        {
            Refusal = refused;
            return false;
        }
    }

    private void GiveBack(long bytes)
    {
        if (bytes <= LargestTableBytes)
        {
            memory.Return(bytes);
        }
        else
        {
            memory.Window(_windowBytes -= bytes);
        }
    }
}
