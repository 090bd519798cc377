using System.Text;

namespace ExtProc.Configuration.Reading;

/// <summary>Reads a configuration file as text, within a limit.</summary>
internal static class ConfigFile
{
    /// <summary>A hundred times what a long configuration has.</summary>
    public const int LimitBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null and a problem that says why there is none.</summary>
    public static string? Read(string path, ConfigProblems problems)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[LimitBytes + 1];
            int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > LimitBytes)
            {
                problems.Error(new(path), $"the file is larger than {LimitBytes} bytes, the most that a configuration may have");
                return null;
            }

            return Strict.GetString(bytes, 0, count).TrimStart('\uFEFF');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Error(new(path), unreadable switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "this is a directory; name a file",
                UnauthorizedAccessException => "the file may not be read by this user",
                DecoderFallbackException notText => $"the file is not UTF-8 text: byte {notText.Index + 1} fits no character",
                _ => $"the file cannot be read: {unreadable.Message}",
            });
            return null;
        }
    }
}
