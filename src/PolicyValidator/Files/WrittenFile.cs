using System.Text;

namespace PolicyValidator.Files;

/// <summary>Writes the files that a run makes, but never to where a link of the checkout would redirect them.</summary>
internal static class WrittenFile
{
    /// <summary>Standard output and its like, which only a person can have named.</summary>
    private const string Devices = "/dev/";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text over what the file held; it stays the same file, with its owner and permissions.</summary>
    /// <exception cref="LeadsOutException">The path leads out of the checkout that it is in.</exception>
    /// <exception cref="IOException">It cannot be written, or is not a regular file.</exception>
    public static void Write(string path, Action<TextWriter> write)
    {
        using StreamWriter text = new(Open(path), Utf8);
        write(text);
    }

    /// <summary>
    /// Replaces a file by a new one of the same permissions, so that a concurrent reader sees either the old text or the new one,
    /// never half of it. A link stays a link: what it points to is replaced.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    public static void Replace(string path, string text)
    {
        string real = RealPath.Of(path);
        RegularFile.OpenRead(path, BoundaryOf(path)).Dispose();
        string beside = Path.Combine(Path.GetDirectoryName(real)!, $".{Path.GetFileName(real)}.{Path.GetRandomFileName()}");
        try
        {
            using (StreamWriter file = new(New(beside), Utf8))
            {
                file.Write(text);
            }

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

    private static FileStream Open(string path)
    {
        if (path.StartsWith(Devices, StringComparison.Ordinal))
        {
            return new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }

        Boundary within = BoundaryOf(path);
        try
        {
            FileStream file = RegularFile.OpenWrite(path, within);
            file.SetLength(0);
            return file;
        }
        catch (FileNotFoundException) when (new FileInfo(path).LinkTarget is null)
        {
            within.Demand(RealPath.Of(path));
            return New(path);
        }
    }

    /// <summary>Creates a file that must not exist yet, so that nothing put there by someone else is opened.</summary>
    private static FileStream New(string path) => new(path, FileMode.CreateNew, FileAccess.Write);

    private static Boundary BoundaryOf(string path) => Boundary.Around(Path.GetDirectoryName(Path.GetFullPath(path))!);
}
