using System.Text;
using PolicyValidator.Decoding;

namespace PolicyValidator.Cli;

/// <summary>Bytes to texts, with a limit that holds before memory is taken.</summary>
/// <param name="standardInput">What <c>-</c> means.</param>
/// <param name="maxBytes">The limit.</param>
/// <param name="standardInputName">What <c>-</c> is called.</param>
internal sealed class InputReader(Stream standardInput, int maxBytes, string? standardInputName = null)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one file, or standard input.</summary>
    public InputFile Read(string path)
    {
        try
        {
            using Stream file = path == InputFile.StandardInput ? standardInput : Open(path);
            return Decode(path, file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(path, "there is no such file or directory");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable(path, trouble.Message.TrimEnd('.'));
        }
    }

    private static FileStream Open(string path) =>
        Directory.Exists(path) ? throw new IOException("the directory cannot be listed") : new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private InputFile Decode(string path, Stream file)
    {
        byte[]? bytes = ReadLimited(file);
        if (bytes is null)
        {
            return Unreadable(path, $"larger than the limit of {maxBytes} bytes; --max-file-bytes raises it") with { IsOurs = Speaks(file) };
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

    /// <summary>Whether the beginning of a large file speaks of ext_proc. What cannot be read from its beginning may be ours.</summary>
    private bool Speaks(Stream file)
    {
        if (!file.CanSeek)
        {
            return true;
        }

        file.Position = 0;
        byte[] beginning = new byte[Math.Min(maxBytes, file.Length)];
        return TypeUrls.IsSpokenOfIn(Encoding.Latin1.GetString(beginning, 0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)));
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
