using System.Runtime.InteropServices;

namespace ExtProc.Memory;

/// <summary>The pages of memory that the operating system lends.</summary>
internal static partial class Pages
{
    // MADV_DONTNEED of madvise(2).
    private const int NotNeeded = 4;

    /// <summary>How large one is, in bytes.</summary>
    public static int Bytes { get; } = Environment.SystemPageSize;

    /// <summary>
    /// Gives the memory behind a part of an array back to the system, and loses what was in it. The array stays valid: it reads as zeros
    /// there, and gets memory again where it is written to. Does nothing for parts of pages, and elsewhere than on Linux.
    /// </summary>
    public static unsafe void Discard(Span<byte> bytes)
    {
        // Pinned: a collection must not put another object here meanwhile.
        fixed (byte* start = bytes)
        {
            nint first = ((nint)start + Bytes - 1) / Bytes * Bytes, end = ((nint)start + bytes.Length) / Bytes * Bytes;
            if (OperatingSystem.IsLinux() && end > first)
            {
                _ = Advise(first, (nuint)(end - first), NotNeeded);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint bytes, int advice);
}
