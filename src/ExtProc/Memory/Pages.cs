using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ExtProc.Memory;

/// <summary>The pages of memory that the operating system lends.</summary>
internal static partial class Pages
{
    // MADV_DONTNEED of madvise(2); PROT_READ and PROT_WRITE, MAP_PRIVATE and MAP_ANONYMOUS of mmap(2).
    private const int NotNeeded = 4, ReadAndWrite = 3, PrivateAnonymous = 0x22;

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

    /// <summary>Pages of zeros that belong to nobody else; null when the system has none.</summary>
    [SupportedOSPlatform("linux")]
    public static unsafe void* Map(nuint bytes) => Map(null, bytes, ReadAndWrite, PrivateAnonymous, -1, 0) is var start && (nint)start == -1 ? null : start;

    /// <summary>Gives back what <see cref="Map(nuint)"/> gave.</summary>
    [SupportedOSPlatform("linux")]
    public static unsafe void Unmap(void* start, nuint bytes) => _ = UnmapPages(start, bytes);

    /// <summary>
    /// Gives back what native libraries have freed, decompressors above all: the allocator of glibc keeps much of it. Does nothing where there
    /// is another.
    /// </summary>
    public static void DiscardFreedNative()
    {
        try
        {
            _ = OperatingSystem.IsLinux() ? Trim(0) : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, musl for one, has no such function.
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int UnmapPages(void* address, nuint bytes);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint bytes, int advice);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keptBytes);
}
