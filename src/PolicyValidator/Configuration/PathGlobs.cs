namespace PolicyValidator.Configuration;

/// <summary>Globs, and the folder that they are relative to.</summary>
internal sealed class PathGlobs
{
    private readonly string folder;
    private readonly Glob[] globs;

    /// <summary>Takes globs.</summary>
    /// <param name="folder">What they are relative to.</param>
    /// <param name="patterns">The globs.</param>
    /// <exception cref="FormatException">They are too long, or too many.</exception>
    public PathGlobs(string folder, IEnumerable<string> patterns)
    {
        this.folder = folder;
        globs = [.. patterns.Take(Glob.MostAlternatives + 1).Select(pattern => new Glob(pattern))];
        Glob.Demand(globs.Sum(glob => Math.Max(1, glob.Alternatives)));
    }

    /// <summary>Whether a path, relative to the working directory, matches any.</summary>
    public bool Match(string path) =>
        globs.Length > 0 && Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/') is var relative && globs.Any(glob => glob.Matches(relative));
}
