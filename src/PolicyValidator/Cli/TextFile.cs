using PolicyValidator.Files;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Files of the program's own: configuration and baseline.</summary>
internal static class TextFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="maxBytes">Larger ones are refused.</param>
    /// <param name="within">Where it must really lie, if the checkout names it; null for anywhere.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static SourceText Read(string path, string what, int maxBytes, Boundary? within)
    {
        InputFile file = new InputReader(Stream.Null, maxBytes).Read(new(path, within));
        return file.Source is { } source
            ? new(ReportPath.Of(Environment.CurrentDirectory, path), source.Text)
            : throw new UsageException($"{what} cannot be read: {path}: {file.Problem}");
    }
}
