using System.Text;

namespace ExtProc.Configuration.Reading;

/// <summary>Reads a configuration file as text, within a limit.</summary>
internal static class ConfigFile
{
    /// <summary>A hundred times as long as a long configuration.</summary>
    public const int LimitBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Opening or reading a named pipe without a writer, a terminal or an unreachable file server may never end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The text, or null and a problem that says why there is none.</summary>
    public static string? Read(string path, ConfigProblems problems) => Read(path, problems, TimeProvider.System);

    /// <summary>As above with a clock of a test's own.</summary>
    internal static string? Read(string path, ConfigProblems problems, TimeProvider time)
    {
        try
        {
            // On a thread of its own, which is abandoned if it does not come back.
            byte[] bytes = Task.Factory.StartNew(() => Bytes(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(Patience, time).GetAwaiter().GetResult();
            if (bytes.Length > LimitBytes)
            {
                problems.Error(new(path), $"the file is larger than {LimitBytes} bytes, the most that a configuration may have");
                return null;
            }

            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or TimeoutException or NotSupportedException)
        {
            problems.Error(new(path), unreadable switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "this is a directory; name a file",
                UnauthorizedAccessException => "the file may not be read by this user",
                TimeoutException => $"the file did not come to its end within {Patience.TotalSeconds} s; if it is a pipe or a terminal, nobody writes to it: name a file",
                DecoderFallbackException notText => $"the file is not UTF-8 text: byte {notText.Index + 1} fits no character",
                _ => $"the file cannot be read: {unreadable.Message}",
            });
            return null;
        }
    }

    // One byte more than the limit, if there is one.
    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[LimitBytes + 1];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
