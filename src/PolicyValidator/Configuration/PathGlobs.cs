namespace PolicyValidator.Configuration;

/// <summary>Globs, and the folder that they are relative to.</summary>
internal sealed class PathGlobs(string folder, IEnumerable<string> patterns)
{
    private readonly Glob[] globs = [.. patterns.Select(pattern => new Glob(pattern))];

    /// <summary>Whether a path, relative to the working directory, matches any.</summary>
    public bool Match(string path) =>
        globs.Length > 0 && Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/') is var relative && globs.Any(glob => glob.Matches(relative));
}
