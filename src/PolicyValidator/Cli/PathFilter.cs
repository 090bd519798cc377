using PolicyValidator.Configuration;

namespace PolicyValidator.Cli;

/// <summary>What is read below a directory.</summary>
/// <param name="Include">Files that are read; null for those whose names end in <c>.yaml</c>, <c>.yml</c> or <c>.json</c>.</param>
/// <param name="Exclude">Files and directories that are passed over; null for none.</param>
/// <param name="Forced">Whether files that were named are passed over too.</param>
internal sealed record PathFilter(PathGlobs? Include, PathGlobs? Exclude, bool Forced)
{
    /// <summary>Whether a file below a directory is read.</summary>
    public bool Takes(string file) => Include is { } globs ? globs.Match(file) : Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    /// <summary>Whether a file or directory is passed over.</summary>
    public bool PassesOver(string path) => Exclude?.Match(path) == true;

    /// <summary>Whether a file is passed over although it was named.</summary>
    public bool PassesOverNamed(string path) => Forced && path != InputFile.StandardInput && PassesOver(path);
}
