using System.Text;
using PolicyValidator.Decoding;
using PolicyValidator.Files;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Bytes to texts, with a limit that holds before memory is taken.</summary>
/// <param name="standardInput">What <c>-</c> means.</param>
/// <param name="maxBytes">The limit.</param>
/// <param name="standardInputName">What <c>-</c> is called.</param>
internal sealed class InputReader(Stream standardInput, int maxBytes, string? standardInputName = null)
{
    /// <summary>How much of a file that is too large to be read is looked through, in bytes.</summary>
    private const long MostLookedThrough = 256 << 20;

    /// <summary>The limit of all files together, which are held at once.</summary>
    /// <value>In bytes.</value>
    public int MaxTotalBytes { get; init; } = int.MaxValue;

    /// <summary>Longer than any word that is looked for.</summary>
    private const int Overlap = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long total;

    /// <summary>Reads one file, or standard input.</summary>
    public InputFile Read(InputPath input)
    {
        string path = input.Path;
        try
        {
            using Stream file = path == InputFile.StandardInput ? standardInput : Open(input);
            return Decode(path, file);
        }
        catch (IOException trouble) when (input.Within is not null && ReasonToPassOver(trouble, path) is { } reason)
        {
            return Unreadable(path, trouble.Message) with { PassedOver = reason, IsOurs = false };
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable(path, trouble.Message.TrimEnd('.'));
        }
    }

    private static FileStream Open(InputPath input)
    {
        Boundary? within = input.Within ?? Boundary.OfNamed(input.Path);
        within?.Demand(RealPath.Of(input.Path));
        return Directory.Exists(input.Path) ? throw new IOException("the directory cannot be listed") : RegularFile.OpenRead(input.Path, within);
    }

    /// <summary>What a folder may hold for others than us; null for trouble that a person must hear of.</summary>
    private static PassedOverReason? ReasonToPassOver(IOException trouble, string path) => trouble switch
    {
        NotAFileException => PassedOverReason.NotAFile,
        LeadsOutException => PassedOverReason.LeadsOut,
        // A link to nothing, or to itself.
        FileNotFoundException when new FileInfo(path).LinkTarget is not null => PassedOverReason.LeadsOut,
        _ => null,
    };

    private InputFile Decode(string path, Stream file)
    {
        byte[]? bytes = ReadLimited(file);
        if (bytes is null)
        {
            return Unreadable(path, $"larger than the limit of {maxBytes} bytes; --max-file-bytes raises it") with { IsOurs = Speaks(file) };
        }

        if ((total += bytes.Length) > MaxTotalBytes)
        {
            return Unreadable(path, $"with it there are more than {MaxTotalBytes} bytes in all; --max-total-bytes raises that, or lint fewer files at once");
        }

        bool marked = bytes is [0xEF, 0xBB, 0xBF, ..];
        try
        {
            string name = path == InputFile.StandardInput ? standardInputName ?? path : path;
            return new(path, new(name, StrictUtf8.GetString(bytes.AsSpan(marked ? 3 : 0))), null, marked);
        }
        catch (DecoderFallbackException trouble)
        {
            return Unreadable(path, $"not UTF-8: byte {trouble.Index + (marked ? 3 : 0)} is 0x{trouble.BytesUnknown?[0]:X2}; save it as UTF-8") with { IsOurs = TypeUrls.IsSpokenOfIn(Encoding.Latin1.GetString(bytes)) };
        }
    }

    /// <summary>Whether a file that is too large speaks of ext_proc. It is looked through block by block; one that cannot be may be ours.</summary>
    private static bool Speaks(Stream file)
    {
        if (!file.CanSeek || file.Length > MostLookedThrough)
        {
            return true;
        }

        file.Position = 0;
        byte[] block = new byte[64 * 1024];
        char[] letters = new char[Overlap + block.Length];
        for (int kept = 0, read = file.Read(block); read > 0; read = file.Read(block))
        {
            int length = kept + Encoding.Latin1.GetChars(block, 0, read, letters, kept);
            if (TypeUrls.IsSpokenOfIn(letters.AsSpan(0, length)))
            {
                return true;
            }

            // A word can begin in one block and end in the next.
            kept = Math.Min(Overlap, length);
            letters.AsSpan(length - kept, kept).CopyTo(letters);
        }

        return false;
    }

    /// <summary>All bytes of a stream; null when there are more than the limit.</summary>
    private byte[]? ReadLimited(Stream file)
    {
        if (file.CanSeek && file.Length > maxBytes)
        {
            return null;
        }

        using MemoryStream all = new();
        byte[] block = new byte[64 * 1024];
        for (int read = file.Read(block); read > 0; read = file.Read(block))
        {
            if (all.Length + read > maxBytes)
            {
                return null;
            }

            all.Write(block, 0, read);
        }

        return all.ToArray();
    }

    private static InputFile Unreadable(string path, string problem) => new(path, null, problem, false);
}
