using PolicyValidator.Configuration;
using PolicyValidator.Files;

namespace PolicyValidator.Cli;

/// <summary>The files behind the paths of the command line.</summary>
internal sealed class InputPaths(PathFilter filter)
{
    private static readonly EnumerationOptions Listing = new() { IgnoreInaccessible = false, AttributesToSkip = default };

    /// <summary>
    /// Files as given, and below directories those that the filter takes, sorted. Links to files are followed inside of the checkout, as
    /// mounted ConfigMaps need it; links to directories are not, so that a cycle of links cannot loop; <c>.git</c>, <c>node_modules</c> and our
    /// own file are passed over.
    /// A directory that cannot be listed, or that a link of a checkout puts outside of it, stands in the result under its own name, where reading it will fail and be reported.
    /// </summary>
    public IEnumerable<InputPath> Expand(IEnumerable<string> paths) => paths
        .SelectMany(path => Directory.Exists(path) && Boundary.OfNamed(path) is null ? Below(path, Boundary.Around(path)) : filter.PassesOverNamed(path) ? [] : [new(path)])
        .DistinctBy(input => input.Path, StringComparer.Ordinal);

    private IEnumerable<InputPath> Below(string directory, Boundary within)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(directory).GetFileSystemInfos("*", Listing);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return [new(directory)];
        }

        return entries
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => (Entry: entry, Path: Path.Combine(directory, entry.Name)))
            .Where(each => !filter.PassesOver(each.Path))
            .SelectMany(each => each.Entry switch
            {
                DirectoryInfo { LinkTarget: null, Name: not (".git" or "node_modules") } => Below(each.Path, within),
                FileInfo { Name: not ConfigSettings.FileName } when filter.Takes(each.Path) => [new(each.Path, within)],
                _ => [],
            });
    }
}
