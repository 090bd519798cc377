using PolicyValidator.Files;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>A report that goes to a file, beside the one that is printed.</summary>
/// <param name="Format">The name of the reporter.</param>
/// <param name="Path">The file, which is replaced.</param>
internal sealed record ExtraReport(string Format, string Path)
{
    /// <summary>Reads <c>sarif=report.sarif</c>.</summary>
    /// <exception cref="UsageException">It is not of that form.</exception>
    public static ExtraReport Parse(string value) => value.Split('=', 2) switch
    {
        [var format, { Length: > 0 } path] when Reporters.Names.Contains(format) => new(format, path),
        _ => throw new UsageException($"\"{DisplayText.Safe(value)}\" is not a value of --report; use FORMAT=FILE, with one of {string.Join(", ", Reporters.Names)}"),
    };

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(LintReport report) =>
        WrittenFile.Write(Path, file => Reporters.Named(Format, colours: false).Write(report, file));
}
