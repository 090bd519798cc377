using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PolicyValidator.Files;

/// <summary>
/// Opens regular files only: reading a pipe without a writer would wait for ever, and a device may have no end. Checks the opened file, not
/// its name, so that nothing can be swapped in between the check and the read.
/// </summary>
internal static partial class RegularFile
{
    // The same numbers on every architecture that .NET runs on (asm-generic/fcntl.h, linux/stat.h).
    private const int OpenToRead = 0, OpenToWrite = 1, OpenNoTerminal = 0x100, OpenNonBlocking = 0x800, OpenCloseOnExec = 0x80000;
    private const int StatEmptyPath = 0x1000, StatTypeMask = 0x1, StatBytes = 256, StatModeAt = 28;
    private const int NoSuchFile = 2, NoAccess = 13, IsDirectory = 21, NoReader = 6, TooManyLinks = 40;

    /// <summary>Opens a file to read.</summary>
    /// <param name="path">Its path; links are followed.</param>
    /// <param name="within">Where it must really lie; null for anywhere.</param>
    /// <exception cref="NotAFileException">It is something else than a file.</exception>
    /// <exception cref="LeadsOutException">It lies elsewhere.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream OpenRead(string path, Boundary? within = null) => Open(path, FileAccess.Read, within);

    /// <summary>Opens a file that is there to be written over. Nothing of it is changed yet.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static FileStream OpenWrite(string path, Boundary? within = null) => Open(path, FileAccess.Write, within);

    private static FileStream Open(string path, FileAccess access, Boundary? within)
    {
        // Checked before opening, too: opening a device may already have an effect.
        within?.Demand(RealPath.Of(path));
        if (!OperatingSystem.IsLinux())
        {
            return new(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        }

        SafeFileHandle file = OpenOnLinux(path, access);
        try
        {
            DemandRegular(file);
            within?.Demand(RealPath.Of(file, path));
            return new(file, access);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenOnLinux(string path, FileAccess access)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FileNotFoundException("there is no such file or directory");
        }

        int mode = access == FileAccess.Read ? OpenToRead : OpenToWrite;
        int descriptor = Open(path, mode | OpenNoTerminal | OpenNonBlocking | OpenCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Marshal.GetLastPInvokeError() switch
        {
            NoSuchFile => new FileNotFoundException("there is no such file or directory"),
            TooManyLinks => new FileNotFoundException("its links lead round in a ring"),
            NoAccess => new UnauthorizedAccessException("permission denied"),
            IsDirectory => new NotAFileException("a directory"),
            NoReader => new NotAFileException("a socket, or a pipe that nobody is at"),
            int error => new IOException(LowerFirst(Marshal.GetPInvokeErrorMessage(error))),
        };
    }

    private static void DemandRegular(SafeFileHandle file)
    {
        byte[] status = new byte[StatBytes];
        if (Status(file, "", StatEmptyPath, StatTypeMask, status) != 0)
        {
            // Old sandboxes lack statx. What has no length is not a regular file there either.
            _ = RandomAccess.GetLength(file);
            return;
        }

        string? kind = (BitConverter.ToUInt16(status, StatModeAt) >> 12) switch
        {
            8 => null,
            1 => "a pipe",
            2 or 6 => "a device",
            4 => "a directory",
            12 => "a socket",
            _ => "something else",
        };
        if (kind is not null)
        {
            throw new NotAFileException(kind);
        }
    }

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle file, string path, int flags, uint mask, [Out] byte[] status);
}

/// <summary>A path names something that is not a regular file.</summary>
/// <param name="kind">What it is: <c>a pipe</c>.</param>
internal sealed class NotAFileException(string kind) : IOException($"is {kind}: only files are read and written");
