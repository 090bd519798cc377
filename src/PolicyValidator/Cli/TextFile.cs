using PolicyValidator.Inputs;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Files of the program's own: configuration and baseline.</summary>
internal static class TextFile
{
    private const int MaxBytes = 32 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flag">The flag that names such files, for the message.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static SourceText Read(string path, string flag)
    {
        InputFile file = new InputReader(Stream.Null, MaxBytes).Read(path);
        return file.Source is { } source
            ? new(ReportPath.Of(Environment.CurrentDirectory, path), source.Text)
            : throw new UsageException($"the file of {flag} cannot be read: {path}: {file.Problem}");
    }
}
