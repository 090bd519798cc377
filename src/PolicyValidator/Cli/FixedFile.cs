using System.Text;

namespace PolicyValidator.Cli;

/// <summary>Writes a fixed text where its file was.</summary>
internal static class FixedFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Replaces the file by a new one of the same permissions, so that whoever reads at the same time sees the old text or the new
    /// one and never half of it. A link stays a link: what it points to is replaced.
    /// </summary>
    public static void Replace(string path, string text, bool byteOrderMark)
    {
        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string beside = Path.Combine(Path.GetDirectoryName(real)!, $".{Path.GetFileName(real)}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(beside, (byteOrderMark ? "\uFEFF" : "") + text, Utf8);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(beside, File.GetUnixFileMode(real));
            }

            File.Move(beside, real, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
